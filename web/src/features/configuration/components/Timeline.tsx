import { Button } from '@mantine/core';
import type { Schema } from '@/api/client';
import { Age } from '@/components/ui/Age';
import { formatAbsolute, formatClock, formatDay } from '@/lib/time';
import { formatCount } from '@/lib/units';
import { useNow } from '@/lib/useNow';
import classes from './Timeline.module.css';

type Snapshot = Schema<'Snapshot'>;
const TRIGGERS = { enrolment: 'When added', schedule: 'By schedule', manual: 'By hand' } as const;

interface TimelineProps {
  snapshots: readonly Snapshot[];
  fromId: number | null;
  toId: number;
  onPick: (pick: { from?: number | undefined; to?: number | undefined }) => void;
  more: { has: boolean; busy: boolean; load: () => void };
}

function Item({
  snapshot,
  fromId,
  toId,
  onPick,
  newest,
}: Omit<TimelineProps, 'snapshots' | 'more'> & { snapshot: Snapshot; newest: boolean }) {
  const { id, lines_added: added, lines_removed: removed } = snapshot;
  const when = formatAbsolute(snapshot.taken_at);
  return (
    <li className={classes.item} data-to={id === toId || undefined} data-from={id === fromId || undefined}>
      <span className={classes.picks}>
        <input
          type="radio"
          name="from"
          aria-label={`Compare from ${when}`}
          title="Compare from this version"
          checked={id === fromId}
          disabled={id >= toId}
          onChange={() => onPick({ from: id, to: toId })}
        />
        <input
          type="radio"
          name="to"
          aria-label={`Compare to ${when}`}
          title="Compare to this version"
          checked={id === toId}
          onChange={() => onPick({ from: fromId !== null && fromId < id ? fromId : undefined, to: id })}
        />
      </span>
      <button
        type="button"
        className={classes.body}
        onClick={() => onPick({ from: undefined, to: id })}
        aria-current={id === toId || undefined}
      >
        <span className={classes.first}>
          <time dateTime={snapshot.taken_at} title={when}>
            {formatClock(snapshot.taken_at)}
          </time>
          {added === null ? (
            <span className={classes.quiet}>first version</span>
          ) : (
            <span className={classes.counts}>
              <span className={classes.added}>+{formatCount(added)}</span>
              <span className={classes.removed}>−{formatCount(removed)}</span>
            </span>
          )}
        </span>
        <span className={classes.quiet}>
          {TRIGGERS[snapshot.trigger]}
          {snapshot.version !== null && `, ${snapshot.version}`}
          {newest && (
            <>
              , unchanged <Age at={snapshot.last_seen_at} />
            </>
          )}
        </span>
      </button>
    </li>
  );
}

/** The versions of a configuration, newest first; any two can be compared. */
export function Timeline({ snapshots, fromId, toId, onPick, more }: TimelineProps) {
  const nowMs = useNow();
  const days = new Map<string, Snapshot[]>();
  for (const snapshot of snapshots) {
    const day = formatDay(snapshot.taken_at, nowMs);
    days.set(day, [...(days.get(day) ?? []), snapshot]);
  }
  return (
    <nav aria-label="Versions" className={classes.timeline}>
      {[...days].map(([day, list]) => (
        <section key={day} aria-label={day}>
          <h2 className={classes.day}>{day}</h2>
          <ul className={classes.list}>
            {list.map((snapshot) => (
              <Item
                key={snapshot.id}
                snapshot={snapshot}
                newest={snapshot === snapshots[0]}
                fromId={fromId}
                toId={toId}
                onPick={onPick}
              />
            ))}
          </ul>
        </section>
      ))}
      {more.has && (
        <Button variant="subtle" fullWidth loading={more.busy} onClick={more.load}>
          Show older versions
        </Button>
      )}
    </nav>
  );
}
