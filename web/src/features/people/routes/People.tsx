import { PageHeader } from '@/components/ui/PageHeader';

export function People() {
  return <PageHeader title="People" />;
}
