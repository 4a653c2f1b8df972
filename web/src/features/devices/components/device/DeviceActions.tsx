import { ActionIcon, Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconDots,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnected,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { asApiError } from '@/api/errors';
import { BackUpButton } from '@/features/configuration/components/BackUpButton';
import { useCan, useTenant } from '@/features/session/hooks';
import { useChangeDevice } from '../../api/changeDevice';
import type { Device } from '../../hooks';
import { ConnectionDialog } from '../dialogs/ConnectionDialog';
import { DeleteDialog } from '../dialogs/DeleteDialog';
import { DisableDialog } from '../dialogs/DisableDialog';
import { EditDialog } from '../dialogs/EditDialog';

type Dialog = 'edit' | 'connection' | 'disable' | 'delete';

/** What one can do to a device; only what this person may. */
export function DeviceActions({ device }: { device: Device }) {
  const tenant = useTenant();
  const can = useCan();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const change = useChangeDevice(tenant.tenant_id, device.id);
  const close = () => setDialog(null);
  const write = can('devices.write');
  const enable = () =>
    change.mutate(
      { disabled: false },
      {
        onError: (error) => {
          const { message, requestId } = asApiError(error);
          notifications.show({
            color: 'red',
            title: 'Not enabled',
            message: `${message} (request ${requestId ?? '–'})`,
          });
        },
      },
    );
  return (
    <>
      {can('backups.take') && (
        <BackUpButton
          tenantId={tenant.tenant_id}
          deviceId={device.id}
          disabled={device.state === 'disabled'}
        />
      )}
      {write && (
        <Button
          variant="default"
          leftSection={<IconPencil size={15} aria-hidden />}
          onClick={() => setDialog('edit')}
        >
          Edit
        </Button>
      )}
      {(write || can('devices.delete')) && (
        <Menu position="bottom-end" width={214} shadow="md">
          <Menu.Target>
            <ActionIcon variant="default" size={32} aria-label="More actions">
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {write && (
              <Menu.Item
                leftSection={<IconPlugConnected size={15} aria-hidden />}
                onClick={() => setDialog('connection')}
              >
                Change connection
              </Menu.Item>
            )}
            {write &&
              (device.state === 'disabled' ? (
                <Menu.Item leftSection={<IconPlayerPlay size={15} aria-hidden />} onClick={enable}>
                  Enable
                </Menu.Item>
              ) : (
                <Menu.Item
                  leftSection={<IconPlayerPause size={15} aria-hidden />}
                  onClick={() => setDialog('disable')}
                >
                  Disable
                </Menu.Item>
              ))}
            {can('devices.delete') && (
              <>
                <Menu.Divider />
                <Menu.Item
                  color="var(--d-critical)"
                  leftSection={<IconTrash size={15} aria-hidden />}
                  onClick={() => setDialog('delete')}
                >
                  Delete
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {dialog === 'edit' && <EditDialog device={device} onClose={close} />}
      {dialog === 'connection' && <ConnectionDialog device={device} onClose={close} />}
      {dialog === 'disable' && <DisableDialog device={device} onClose={close} />}
      {dialog === 'delete' && <DeleteDialog device={device} onClose={close} />}
    </>
  );
}
