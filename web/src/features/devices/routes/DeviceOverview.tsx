import { PageHeader } from '@/components/ui/PageHeader';

export function DeviceOverview() {
  return <PageHeader title="Overview" />;
}
