import { PageHeader } from '@/components/ui/PageHeader';

export function Configuration() {
  return <PageHeader title="Configuration" />;
}
