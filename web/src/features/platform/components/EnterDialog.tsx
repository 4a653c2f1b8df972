import { Modal } from '@mantine/core';
import { EnterForm } from './EnterForm';

interface EnterDialogProps {
  tenant: { tenant_id: number; slug: string; name: string } | null;
  onClose: () => void;
}

export function EnterDialog({ tenant, onClose }: EnterDialogProps) {
  return (
    <Modal opened={tenant !== null} onClose={onClose} title={tenant ? `Enter ${tenant.name}` : ''}>
      {tenant && <EnterForm tenant={tenant} onCancel={onClose} />}
    </Modal>
  );
}
