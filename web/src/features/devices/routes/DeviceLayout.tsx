import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, Outlet } from '@tanstack/react-router';
import { Bone, Loading } from '@/components/ui/Bone';
import { ErrorState } from '@/components/ui/ErrorState';
import { NoPermission } from '@/components/ui/NoPermission';
import { useCan, useTenant } from '@/features/session/hooks';
import { useTitle } from '@/lib/useTitle';
import { deviceQuery } from '../api/getDevice';
import { DeviceHeader } from '../components/device/DeviceHeader';
import { StateNotice } from '../components/device/StateNotice';
import classes from './DeviceLayout.module.css';

const route = getRouteApi('/inside/t/$slug/devices/$deviceId');

const TABS = [
  { to: '/t/$slug/devices/$deviceId/overview', label: 'Overview', permission: 'devices.read' },
  { to: '/t/$slug/devices/$deviceId/interfaces', label: 'Interfaces', permission: 'devices.read' },
  { to: '/t/$slug/devices/$deviceId/wireless', label: 'Wireless', permission: 'devices.read' },
  { to: '/t/$slug/devices/$deviceId/configuration', label: 'Configuration', permission: 'backups.read' },
  { to: '/t/$slug/devices/$deviceId/audit', label: 'Audit', permission: 'audit.read' },
] as const;

/** One device: its state, its deeds, and the pages about it. */
export function DeviceLayout() {
  const tenant = useTenant();
  const can = useCan();
  const { deviceId } = route.useParams();
  const allowed = can('devices.read');
  const device = useQuery({ ...deviceQuery(tenant.tenant_id, deviceId), enabled: allowed });
  useTitle(device.data?.name, tenant.name);

  if (!allowed) return <NoPermission what="this router" role={tenant.role} />;
  if (device.isPending) {
    return (
      <Loading label="Loading the router">
        <div className={classes.bones}>
          <Bone width={220} height={24} />
          <Bone width={460} />
          <Bone width={380} height={28} />
          <Bone height={220} />
        </div>
      </Loading>
    );
  }
  if (!device.data)
    return <ErrorState error={device.error} what="this router" onRetry={() => void device.refetch()} />;

  return (
    <div className={classes.page}>
      <DeviceHeader device={device.data} />
      <StateNotice device={device.data} />
      <div role="tablist" aria-label="About this router" className={classes.tabs}>
        {TABS.filter((tab) => can(tab.permission)).map((tab) => (
          <Link
            key={tab.to}
            to={tab.to}
            params={{ slug: tenant.slug, deviceId }}
            role="tab"
            className={classes.tab}
            activeProps={{ 'aria-selected': true }}
            inactiveProps={{ 'aria-selected': false }}
          >
            {tab.label}
          </Link>
        ))}
      </div>
      <div role="tabpanel" className={classes.panel}>
        <Outlet />
      </div>
    </div>
  );
}
