import { PageHeader } from '@/components/ui/PageHeader';

export function DeviceAudit() {
  return <PageHeader title="Audit" />;
}
