import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Age } from '@/components/ui/Age';
import { Bone, Loading } from '@/components/ui/Bone';
import { ErrorState } from '@/components/ui/ErrorState';
import { formatCounted } from '@/lib/units';
import { snapshotsQuery } from '../api/listSnapshots';
import classes from './LastChange.module.css';

/** What changed last on a router, and the way to it. */
export function LastChange({
  tenantId,
  deviceId,
  slug,
}: {
  tenantId: number;
  deviceId: number;
  slug: string;
}) {
  const snapshots = useInfiniteQuery(snapshotsQuery(tenantId, deviceId));
  if (snapshots.isPending) {
    return (
      <Loading label="Loading the last change">
        <Bone height={38} />
      </Loading>
    );
  }
  if (snapshots.isError)
    return (
      <ErrorState
        inline
        error={snapshots.error}
        what="the last change"
        onRetry={() => void snapshots.refetch()}
      />
    );
  const newest = snapshots.data.pages[0]?.snapshots[0];
  if (!newest)
    return (
      <p className={classes.text}>No backup has been taken yet. The first one follows the first poll.</p>
    );
  const { lines_added: added, lines_removed: removed } = newest;
  return (
    <p className={classes.text}>
      {added === null ? (
        <>
          First backup <Age at={newest.taken_at} />, no change since.{' '}
        </>
      ) : (
        <>
          {formatCounted(added, 'line')} added, {formatCounted(removed, 'line')} removed,{' '}
          <Age at={newest.taken_at} />. Last found unchanged <Age at={newest.last_seen_at} />.{' '}
        </>
      )}
      <Link to="/t/$slug/devices/$deviceId/configuration" params={{ slug, deviceId }}>
        {added === null ? 'See the configuration' : 'See the change'}
      </Link>
    </p>
  );
}
