import { Button, Group, Stack, Text } from '@mantine/core';
import type { Schema } from '@/api/client';
import { LinkButton } from '@/components/ui/LinkButton';
import { UNKNOWN } from '@/lib/units';
import classes from './wizard.module.css';

interface AddedProps {
  enrolment: Schema<'Enrolment'>;
  slug: string;
  onAnother: () => void;
}

/** The receipt. */
export function Added({ enrolment, slug, onAnother }: AddedProps) {
  const facts = [
    ['Identity', enrolment.identity],
    ['Model', enrolment.model],
    ['Serial', enrolment.serial],
    ['RouterOS', enrolment.version],
    ['Address', enrolment.address],
  ] as const;
  return (
    <Stack gap="md">
      <Text size="sm" role="status">
        {enrolment.name ?? enrolment.identity ?? enrolment.address} is in Drover. Its first values and its
        first backup are on their way.
      </Text>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value ?? UNKNOWN}</dd>
          </div>
        ))}
      </dl>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onAnother}>
          Add another
        </Button>
        {enrolment.device_id !== null && (
          <LinkButton
            data-autofocus
            to="/t/$slug/devices/$deviceId/overview"
            params={{ slug, deviceId: enrolment.device_id }}
          >
            Open the router
          </LinkButton>
        )}
      </Group>
    </Stack>
  );
}
