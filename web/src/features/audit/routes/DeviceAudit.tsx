import { getRouteApi } from '@tanstack/react-router';
import { NoPermission } from '@/components/ui/NoPermission';
import { useDevice } from '@/features/devices/hooks';
import { useCan, useTenant } from '@/features/session/hooks';
import { Trail } from '../components/Trail';
import classes from './Audit.module.css';

const route = getRouteApi('/inside/t/$slug/devices/$deviceId/audit');

/** Who did what to this router. */
export function DeviceAudit() {
  const tenant = useTenant();
  const { device, tenantId } = useDevice();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  if (!can('audit.read')) return <NoPermission what="the audit trail" role={tenant.role} />;
  return (
    <div className={classes.inTab}>
      <Trail
        tenantId={tenantId}
        search={search}
        fixed={{ target_kind: 'device', target_id: String(device.id) }}
        onSearch={(change) => void navigate({ search: (old) => ({ ...old, ...change }), replace: true })}
      />
    </div>
  );
}
