import { getRouteApi } from '@tanstack/react-router';
import { NoPermission } from '@/components/ui/NoPermission';
import { PageHeader } from '@/components/ui/PageHeader';
import { useCan, useTenant } from '@/features/session/hooks';
import { useTitle } from '@/lib/useTitle';
import { Trail } from '../components/Trail';
import { VerifyChain } from '../components/VerifyChain';
import classes from './Audit.module.css';

const route = getRouteApi('/inside/t/$slug/audit');

/** Who did what in this client. */
export function Audit() {
  const tenant = useTenant();
  const can = useCan();
  useTitle('Audit', tenant.name);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  if (!can('audit.read')) return <NoPermission what="the audit trail" role={tenant.role} />;
  return (
    <div className={classes.page}>
      <PageHeader
        title="Audit"
        meta="Everything that people and services did here. Entries are chained by their hashes and can’t be changed."
        actions={<VerifyChain tenantId={tenant.tenant_id} />}
      />
      <Trail
        key={tenant.tenant_id}
        tenantId={tenant.tenant_id}
        search={search}
        onSearch={(change) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true })}
      />
    </div>
  );
}
