import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { FormError } from '@/components/ui/FormError';
import { useTenant } from '@/features/session/hooks';
import { useChangeDevice } from '../../api/changeDevice';
import type { Device } from '../../hooks';

export function DisableDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const tenant = useTenant();
  const change = useChangeDevice(tenant.tenant_id, device.id);
  return (
    <Modal opened onClose={onClose} title={`Disable ${device.name}?`}>
      <Stack gap="md">
        <Text size="sm">
          Drover closes its connection and stops polling and backing it up. Nothing is changed on the router,
          and its history stays. “Enable” takes it up again.
        </Text>
        <FormError error={change.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            loading={change.isPending}
            onClick={() => change.mutate({ disabled: true }, { onSuccess: onClose })}
          >
            Disable {device.name}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
