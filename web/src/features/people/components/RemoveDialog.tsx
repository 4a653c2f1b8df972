import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { Schema } from '@/api/client';
import { FormError } from '@/components/ui/FormError';
import { useTenant } from '@/features/session/hooks';
import { useRemovePerson } from '../api/removePerson';

export function RemoveDialog({ person, onClose }: { person: Schema<'Person'>; onClose: () => void }) {
  const tenant = useTenant();
  const remove = useRemovePerson(tenant.tenant_id);
  return (
    <Modal opened onClose={onClose} title={`Remove ${person.name} from ${tenant.name}?`}>
      <Stack gap="md">
        <Text size="sm">
          They lose sight of this client at once. Their login and their other clients stay. What they did here
          stays in the audit trail. You can add them again.
        </Text>
        <FormError error={remove.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate(person.user_id, { onSuccess: onClose })}
          >
            Remove {person.name}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
