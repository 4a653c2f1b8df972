import { Button, Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { FormError } from '@/components/ui/FormError';
import { useTenant } from '@/features/session/hooks';
import { useDeleteDevice } from '../../api/deleteDevice';
import type { Device } from '../../hooks';

/** Takes a device out of Drover, with its history kept or purged by choice; the purge has no way back and says so. */
export function DeleteDialog({ device, onClose }: { device: Device; onClose: () => void }) {
  const tenant = useTenant();
  const navigate = useNavigate();
  const remove = useDeleteDevice(tenant.tenant_id, device.id);
  const [history, setHistory] = useState<'keep' | 'purge'>('keep');
  const [typed, setTyped] = useState('');
  const sure = history === 'keep' || typed.trim() === device.name;
  return (
    <Modal opened onClose={onClose} title={`Delete ${device.name}?`} size={480}>
      <Stack gap="md">
        <Text size="sm">
          Drover forgets this router’s password and keys, and stops polling and backing it up. Nothing is
          changed on the router itself.
        </Text>
        <Radio.Group
          label="Its history"
          value={history}
          onChange={(value) => setHistory(value === 'purge' ? 'purge' : 'keep')}
        >
          <Stack gap="xs" mt={6}>
            <Radio
              value="keep"
              label="Keep"
              description="Measurements, events and configuration versions stay, for as long as this client keeps data."
            />
            <Radio
              value="purge"
              label="Purge"
              description="All of it is deleted at once. There is no way back. The audit trail keeps that it was done."
            />
          </Stack>
        </Radio.Group>
        {history === 'purge' && (
          <TextInput
            label={`Type “${device.name}” to purge`}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <FormError error={remove.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            color="red"
            disabled={!sure}
            loading={remove.isPending}
            onClick={() =>
              remove.mutate(history, {
                onSuccess: () => void navigate({ to: '/t/$slug/devices', params: { slug: tenant.slug } }),
              })
            }
          >
            {history === 'purge' ? 'Delete and purge history' : 'Delete, keep history'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
