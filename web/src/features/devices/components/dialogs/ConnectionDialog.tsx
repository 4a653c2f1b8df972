import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { FormError } from '@/components/ui/FormError';
import { useTenant } from '@/features/session/hooks';
import { showFieldErrors } from '@/lib/fieldErrors';
import { useChangeConnection } from '../../api/changeConnection';
import type { Device } from '../../hooks';
import { Confirm } from '../wizard/Confirm';
import { ConnectionFields, connectionRules, type ConnectionValues } from '../wizard/ConnectionFields';
import { Progress } from '../wizard/Progress';
import { useEnrolmentFlow } from '../wizard/useEnrolmentFlow';

/** A new address or login for a device: verified like a new one, and nothing saved until it holds. */
export function ConnectionDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const tenant = useTenant();
  const [id, setId] = useState<string | null>(null);
  const start = useChangeConnection(tenant.tenant_id, device.id);
  const { stage, enrolment, failure, advice, abandon } = useEnrolmentFlow(tenant.tenant_id, id);
  const form = useForm<ConnectionValues>({
    initialValues: {
      address: device.address,
      api_port: device.api_port,
      ssh_port: device.ssh_port,
      username: device.username,
      password: '',
    },
    validate: connectionRules,
  });
  const submit = form.onSubmit((values) =>
    start.mutate(
      {
        address: values.address.trim(),
        api_port: Number(values.api_port),
        ssh_port: Number(values.ssh_port),
        username: values.username.trim(),
        password: values.password,
      },
      {
        onSuccess: (made) => setId(made.id),
        onError: (error) =>
          showFieldErrors(form, error, { address: 'address', username: 'username', password: 'password' }),
      },
    ),
  );
  const back = () => {
    abandon();
    setId(null);
  };
  const close = () => {
    abandon();
    onClose();
  };
  return (
    <Modal
      opened
      onClose={close}
      size={560}
      title={`Change the connection of ${device.name}`}
      closeOnClickOutside={false}
    >
      {stage === 'moving' && enrolment && <Progress enrolment={enrolment} onCancel={back} />}
      {stage === 'confirm' && enrolment && (
        <Stack gap="sm">
          {enrolment.spki_sha256 === device.spki_sha256 && (
            <Text size="sm">The API key is the one that you confirmed before.</Text>
          )}
          <Confirm tenantId={tenant.tenant_id} enrolment={enrolment} verb="Confirm and save" onBack={back} />
        </Stack>
      )}
      {stage === 'done' && (
        <Stack gap="md">
          <Text size="sm" role="status">
            {device.name} answers at {enrolment?.address} and lets Drover in. The new connection is in use.
          </Text>
          <Group justify="flex-end">
            <Button data-autofocus onClick={onClose}>
              Done
            </Button>
          </Group>
        </Stack>
      )}
      {stage === 'form' && (
        <form onSubmit={submit} noValidate>
          <Stack gap="sm">
            <Text size="sm" c="dimmed">
              Until the new connection has been verified the old one stays in use. The password is asked for
              again: a stored one is never sent to a new address.
            </Text>
            <FormError
              error={start.error ?? failure}
              hint={start.error ? undefined : (advice ?? undefined)}
            />
            <ConnectionFields form={form} />
            <Group justify="flex-end" gap="xs" mt={4}>
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={start.isPending}>
                Connect
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
