import { Button } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { Schema } from '@/api/client';
import { formatAbsolute, formatMoment } from '@/lib/time';
import { useNow } from '@/lib/useNow';
import { Outcome } from './Outcome';
import classes from './AuditTable.module.css';

type Entry = Schema<'AuditEntry'>;

interface AuditTableProps {
  entries: readonly Entry[];
  openSeq: number | undefined;
  onOpen: (entry: Entry) => void;
  more: { has: boolean; busy: boolean; load: () => void };
  /** On a device's own page its name in each line says nothing. */
  withTarget?: boolean;
  old?: boolean;
}

const ROW = 34;

/** The trail, newest first. Older entries come as one scrolls. */
export function AuditTable({
  entries,
  openSeq,
  onOpen,
  more,
  withTarget = true,
  old = false,
}: AuditTableProps) {
  const nowMs = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: entries.length + (more.has ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 15,
  });
  const items = virtual.getVirtualItems();
  const atEnd = more.has && !more.busy && (items.at(-1)?.index ?? 0) >= entries.length;
  const { load } = more;
  useEffect(() => {
    if (atEnd) load();
  }, [atEnd, load]);

  return (
    <div
      ref={scroller}
      role="table"
      aria-label="Audit trail"
      className={classes.scroller}
      data-target={withTarget || undefined}
      data-old={old || undefined}
    >
      <div role="rowgroup" className={classes.head}>
        <div role="row" className={classes.row}>
          <div role="columnheader">Time</div>
          <div role="columnheader">Who</div>
          <div role="columnheader">Action</div>
          {withTarget && <div role="columnheader">On</div>}
          <div role="columnheader">Outcome</div>
          <div role="columnheader" className={classes.wide}>
            From
          </div>
        </div>
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const entry = entries[item.index];
          const place = { transform: `translateY(${item.start}px)` };
          if (!entry) {
            return (
              <div key="more" role="row" className={classes.line} style={place}>
                <Button variant="subtle" size="compact-sm" loading={more.busy} onClick={more.load}>
                  Show older entries
                </Button>
              </div>
            );
          }
          return (
            <div
              key={entry.seq}
              role="row"
              className={`${classes.row} ${classes.line}`}
              style={place}
              data-open={entry.seq === openSeq || undefined}
              onClick={() => onOpen(entry)}
            >
              <div role="cell" title={formatAbsolute(entry.at)} className={classes.dim}>
                {formatMoment(entry.at, nowMs)}
              </div>
              <div role="cell">
                <span title={entry.actor_name}>{entry.actor_name.replace(/ <[^>]*>$/, '')}</span>
                {entry.actor_kind !== 'user' && <span className={classes.kind}>{entry.actor_kind}</span>}
              </div>
              <div role="cell">
                <button
                  type="button"
                  className={classes.action}
                  onClick={(event) => {
                    event.stopPropagation();
                    onOpen(entry);
                  }}
                >
                  {entry.action}
                </button>
              </div>
              {withTarget && (
                <div role="cell">
                  {entry.target_name ??
                    (entry.target_id === null ? '–' : `${entry.target_kind ?? ''} ${entry.target_id}`)}
                </div>
              )}
              <div role="cell">
                <Outcome outcome={entry.outcome} />
              </div>
              <div role="cell" className={`${classes.dim} ${classes.wide}`}>
                {entry.source_address ?? '–'}
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}
