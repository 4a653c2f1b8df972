import { Button } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { useBackUp } from '../useBackUp';

interface BackUpButtonProps {
  tenantId: number;
  deviceId: number;
  disabled?: boolean;
}

export function BackUpButton({ tenantId, deviceId, disabled = false }: BackUpButtonProps) {
  const backUp = useBackUp(tenantId, deviceId);
  return (
    <Button
      variant="default"
      disabled={disabled}
      loading={backUp.isPending}
      leftSection={<IconDeviceFloppy size={15} aria-hidden />}
      onClick={() => backUp.mutate()}
    >
      Back up now
    </Button>
  );
}
