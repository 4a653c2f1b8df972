import { PageHeader } from '@/components/ui/PageHeader';

export function Audit() {
  return <PageHeader title="Audit" />;
}
