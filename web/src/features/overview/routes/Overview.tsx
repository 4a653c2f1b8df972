import { PageHeader } from '@/components/ui/PageHeader';

export function Overview() {
  return <PageHeader title="Clients" />;
}
