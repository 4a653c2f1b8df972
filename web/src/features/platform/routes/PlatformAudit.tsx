import { PageHeader } from '@/components/ui/PageHeader';

export function PlatformAudit() {
  return <PageHeader title="Platform audit" />;
}
