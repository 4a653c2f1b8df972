import { Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Schema } from '@/api/client';
import { Fingerprint } from '@/components/ui/Fingerprint';
import { FormError } from '@/components/ui/FormError';
import { formatDuration } from '@/lib/units';
import { parseTime } from '@/lib/time';
import { useNow } from '@/lib/useNow';
import { useConfirmEnrolment } from '../../api/confirmEnrolment';
import classes from './wizard.module.css';

interface ConfirmProps {
  tenantId: number;
  enrolment: Schema<'Enrolment'>;
  verb: string;
  onBack: () => void;
}

/** Two keys to compare before any password leaves Drover, as SSH asks at first contact. */
export function Confirm({ tenantId, enrolment, verb, onBack }: ConfirmProps) {
  const confirm = useConfirmEnrolment(tenantId, enrolment.id);
  const nowMs = useNow();
  const { spki_sha256: key, ssh_host_key_sha256: ssh, ssh_error: sshError } = enrolment;
  const leftS = ((parseTime(enrolment.expires_at) ?? nowMs) - nowMs) / 1000;
  return (
    <Stack gap="md">
      <Text size="sm">
        A router answered at <strong>{enrolment.address}</strong>. Your password has not been sent yet. Drover
        will trust these keys from now on, and stop at once if they ever change, so make sure that they are
        this router’s.
      </Text>
      {key !== null && (
        <div>
          <div className={classes.keyTitle}>API certificate’s public key, SHA-256</div>
          <Fingerprint label="Public key of the API certificate" value={key} />
          {enrolment.certificate_subject !== null && (
            <div className={classes.note}>Certificate {enrolment.certificate_subject}</div>
          )}
        </div>
      )}
      <div>
        <div className={classes.keyTitle}>SSH host key</div>
        {ssh === null ? (
          <div className={classes.warning}>
            <IconAlertTriangle size={16} aria-hidden />
            <span>
              SSH did not answer on port {enrolment.ssh_port}
              {sshError === null ? '' : ` (${sshError})`}. The router can be added, but its backups will fail
              until it does.
            </span>
          </div>
        ) : (
          <Fingerprint label="SSH host key" value={ssh} />
        )}
      </div>
      <Text size="sm" c="dimmed">
        To be certain, compare with what the router shows on its own console. If you have just set it up and
        reach it over a network that you trust, this is the moment to accept, as with SSH’s first connection.
      </Text>
      <FormError error={confirm.error} />
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          Waits for {formatDuration(Math.max(0, leftS))}
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={onBack}>
            Back
          </Button>
          <Button
            data-autofocus
            disabled={key === null}
            loading={confirm.isPending}
            onClick={() => key !== null && confirm.mutate({ spki_sha256: key, ssh_host_key_sha256: ssh })}
          >
            {verb}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
