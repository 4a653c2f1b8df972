import { PageHeader } from '@/components/ui/PageHeader';

export function DeviceImport() {
  return <PageHeader title="Import" />;
}
