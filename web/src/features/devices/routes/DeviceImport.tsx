import { getRouteApi, Link } from '@tanstack/react-router';
import { NoPermission } from '@/components/ui/NoPermission';
import { PageHeader } from '@/components/ui/PageHeader';
import { useCan, useTenant } from '@/features/session/hooks';
import { useTitle } from '@/lib/useTitle';
import { ImportForm } from '../components/import/ImportForm';
import { ImportProgress } from '../components/import/ImportProgress';

const route = getRouteApi('/inside/t/$slug/devices/import');

/** Many routers at once, from a CSV list. */
export function DeviceImport() {
  const tenant = useTenant();
  const can = useCan();
  useTitle('Import', tenant.name);
  const { id } = route.useSearch();
  const navigate = route.useNavigate();
  if (!can('devices.write')) return <NoPermission what="the import of routers" role={tenant.role} />;
  return (
    <>
      <PageHeader
        crumb={
          <Link to="/t/$slug/devices" params={{ slug: tenant.slug }}>
            Devices
          </Link>
        }
        title="Import routers"
      />
      {id === undefined ? (
        <ImportForm
          tenantId={tenant.tenant_id}
          onMade={(made) => void navigate({ search: { id: made.id } })}
        />
      ) : (
        <ImportProgress
          tenantId={tenant.tenant_id}
          slug={tenant.slug}
          id={id}
          onAgain={() => void navigate({ search: {} })}
        />
      )}
    </>
  );
}
