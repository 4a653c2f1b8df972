import { PageHeader } from '@/components/ui/PageHeader';

export function Devices() {
  return <PageHeader title="Devices" />;
}
