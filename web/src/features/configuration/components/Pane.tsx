import { SegmentedControl } from '@mantine/core';
import { IconEqual } from '@tabler/icons-react';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { Schema } from '@/api/client';
import { Bone, Loading } from '@/components/ui/Bone';
import { EmptyState } from '@/components/ui/EmptyState';
import { ErrorState } from '@/components/ui/ErrorState';
import type { ConfigurationView } from '@/lib/search';
import { formatMoment } from '@/lib/time';
import { formatBytes, formatCount } from '@/lib/units';
import { useNow } from '@/lib/useNow';
import { diffQuery } from '../api/diffSnapshots';
import { snapshotQuery } from '../api/getSnapshot';
import { DiffView } from './DiffView';
import classes from './Pane.module.css';
import { TextView } from './TextView';

interface PaneProps {
  tenantId: number;
  deviceId: number;
  from: Schema<'Snapshot'> | null;
  to: Schema<'Snapshot'>;
  view: ConfigurationView;
  onView: (view: ConfigurationView) => void;
}

function Waiting({ label }: { label: string }) {
  return (
    <Loading label={label}>
      <div className={classes.bones}>
        {Array.from({ length: 14 }, (_, line) => (
          <Bone key={line} width={`${38 + ((line * 37) % 50)}%`} height={10} />
        ))}
      </div>
    </Loading>
  );
}

function Diff({ diff, view }: { diff: UseQueryResult<Schema<'SnapshotDiff'>>; view: 'unified' | 'split' }) {
  if (diff.isPending) return <Waiting label="Loading the changes" />;
  if (diff.isError)
    return <ErrorState error={diff.error} what="the changes" onRetry={() => void diff.refetch()} />;
  if (diff.data.hunks.length === 0) {
    return (
      <EmptyState
        icon={<IconEqual size={28} stroke={1.5} aria-hidden />}
        title="These two versions are the same"
      >
        The configuration went back to what it was.
      </EmptyState>
    );
  }
  return <DiffView diff={diff.data} view={view} />;
}

function Text({ tenantId, deviceId, id }: { tenantId: number; deviceId: number; id: number }) {
  const snapshot = useQuery(snapshotQuery(tenantId, deviceId, id));
  if (snapshot.isPending) return <Waiting label="Loading the configuration" />;
  if (snapshot.isError)
    return <ErrorState error={snapshot.error} what="this version" onRetry={() => void snapshot.refetch()} />;
  return <TextView text={snapshot.data.text} />;
}

/** One version, or what changed between two. */
export function Pane({ tenantId, deviceId, from, to, view, onView }: PaneProps) {
  const nowMs = useNow();
  const shown = from === null ? 'text' : view;
  const comparing = from !== null && shown !== 'text';
  const diff = useQuery({ ...diffQuery(tenantId, deviceId, from?.id ?? 0, to.id), enabled: comparing });
  const views = [
    ...(from === null
      ? []
      : [
          { value: 'unified', label: 'Unified' },
          { value: 'split', label: 'Side by side' },
        ]),
    { value: 'text', label: 'Text' },
  ];
  return (
    <div className={classes.pane}>
      <header className={classes.head}>
        <div className={classes.words}>
          {shown === 'text' || from === null ? (
            <>
              <strong>Version of {formatMoment(to.taken_at, nowMs)}</strong>
              <span className={classes.quiet}>{formatBytes(to.size_bytes)}, secrets masked</span>
            </>
          ) : (
            <>
              <strong>
                {formatMoment(from.taken_at, nowMs)} → {formatMoment(to.taken_at, nowMs)}
              </strong>
              {diff.data && (
                <span className={classes.quiet}>
                  {formatCount(diff.data.added)} added, {formatCount(diff.data.removed)} removed
                </span>
              )}
            </>
          )}
        </div>
        <SegmentedControl
          size="xs"
          aria-label="View"
          data={views}
          value={shown}
          onChange={(value) => onView(value as ConfigurationView)}
        />
      </header>
      {shown === 'text' || from === null ? (
        <Text tenantId={tenantId} deviceId={deviceId} id={to.id} />
      ) : (
        <Diff diff={diff} view={shown} />
      )}
    </div>
  );
}
