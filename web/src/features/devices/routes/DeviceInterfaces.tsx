import { PageHeader } from '@/components/ui/PageHeader';

export function DeviceInterfaces() {
  return <PageHeader title="Interfaces" />;
}
