import { PageHeader } from '@/components/ui/PageHeader';

export function Dashboard() {
  return <PageHeader title="Overview" />;
}
