import { PageHeader } from '@/components/ui/PageHeader';

export function DeviceWireless() {
  return <PageHeader title="Wireless" />;
}
