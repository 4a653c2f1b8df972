import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Bone, Loading } from '@/components/ui/Bone';
import { EmptyState } from '@/components/ui/EmptyState';
import { ErrorState } from '@/components/ui/ErrorState';
import { NoPermission } from '@/components/ui/NoPermission';
import { useDevice } from '@/features/devices/hooks';
import { useCan, useTenant } from '@/features/session/hooks';
import type { ConfigurationSearch } from '@/lib/search';
import { snapshotsQuery } from '../api/listSnapshots';
import { BackUpButton } from '../components/BackUpButton';
import { Pane } from '../components/Pane';
import { Timeline } from '../components/Timeline';
import classes from './Configuration.module.css';

const route = getRouteApi('/inside/t/$slug/devices/$deviceId/configuration');

/** The versions of one router's configuration, and what changed between any two. */
export function Configuration() {
  const tenant = useTenant();
  const { device, tenantId } = useDevice();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const allowed = can('backups.read');
  const query = useInfiniteQuery({ ...snapshotsQuery(tenantId, device.id), enabled: allowed });
  if (!allowed) return <NoPermission what="configurations" role={tenant.role} />;

  if (query.isPending) {
    return (
      <Loading label="Loading the versions">
        <div className={classes.bones}>
          <Bone height={260} />
          <Bone height={260} />
        </div>
      </Loading>
    );
  }
  if (query.isError)
    return <ErrorState error={query.error} what="the versions" onRetry={() => void query.refetch()} />;

  const snapshots = query.data.pages.flatMap((page) => page.snapshots);
  const newest = snapshots[0];
  if (!newest) {
    return (
      <EmptyState
        icon={<IconHistory size={28} stroke={1.5} aria-hidden />}
        title="No backup yet"
        action={
          can('backups.take') ? (
            <BackUpButton tenantId={tenantId} deviceId={device.id} disabled={device.state === 'disabled'} />
          ) : undefined
        }
      >
        {device.snapshot_state === 'failed'
          ? `The first backup failed: ${device.snapshot_error ?? 'no reason is known'}.`
          : 'The first one is taken as soon as the router is added. Each later version that differs is kept on this timeline.'}
      </EmptyState>
    );
  }

  const at = Math.max(
    0,
    snapshots.findIndex((each) => each.id === search.to),
  );
  const to = snapshots[at] ?? newest;
  const from =
    snapshots.find((each) => each.id === search.from && each.id < to.id) ?? snapshots[at + 1] ?? null;
  const change = (part: ConfigurationSearch) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });

  return (
    <div className={classes.page}>
      <Timeline
        snapshots={snapshots}
        fromId={search.view === 'text' ? null : (from?.id ?? null)}
        toId={to.id}
        onPick={change}
        more={{
          has: query.hasNextPage,
          busy: query.isFetchingNextPage,
          load: () => void query.fetchNextPage(),
        }}
      />
      <Pane
        tenantId={tenantId}
        deviceId={device.id}
        from={from}
        to={to}
        view={search.view ?? 'unified'}
        onView={(view) => change({ view })}
      />
    </div>
  );
}
