import { PageHeader } from '@/components/ui/PageHeader';

export function Events() {
  return <PageHeader title="Events" />;
}
