import { useTable } from '@tanstack/react-table';
import { useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { Bone, Loading } from '@/components/ui/Bone';
import { ErrorState } from '@/components/ui/ErrorState';
import type { DeviceSort } from '@/lib/search';
import type { DeviceFilter } from '../../filter';
import { deviceColumns, deviceFeatures, LAYOUT, type TableRow } from './columns';
import classes from './DeviceTable.module.css';
import { HeaderCell } from './HeaderCell';
import { TableLine } from './TableLine';
import { useDeviceWindow } from './useDeviceWindow';
import { useHeldOrder } from './useHeldOrder';

const TEMPLATE = Object.values(LAYOUT)
  .map((column) => column.width)
  .join(' ');
const HEIGHTS = { normal: 32, compact: 26, narrow: 52 };

interface DeviceTableProps {
  tenantId: number;
  slug: string;
  filter: DeviceFilter;
  compact: boolean;
  narrow: boolean;
  onSort: (sort: DeviceSort) => void;
  empty: React.ReactNode;
}

/** Any number of routers: only the rows on screen are drawn, only their pages are fetched. */
export function DeviceTable({ tenantId, slug, filter, compact, narrow, onSort, empty }: DeviceTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const open = useCallback(
    (event: MouseEvent, id: number) => {
      if (event.target instanceof Element && event.target.closest('a,button')) return;
      if ((window.getSelection()?.toString() ?? '') !== '') return;
      void navigate({ to: '/t/$slug/devices/$deviceId/overview', params: { slug, deviceId: id } });
    },
    [navigate, slug],
  );
  const [span, setSpan] = useState({ first: 0, last: 40 });
  const devices = useDeviceWindow(tenantId, filter, span.first, span.last);
  const listKey = JSON.stringify(filter);
  const { rowAt, pointer } = useHeldOrder(devices.byIndex, devices.byId, listKey);
  const total = devices.total ?? 0;
  const rowHeight = HEIGHTS[narrow ? 'narrow' : compact ? 'compact' : 'normal'];

  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: (index) => index,
    onChange: (instance) => {
      const { startIndex = 0, endIndex = 40 } = instance.range ?? {};
      // In steps, so that a scroll does not ask anew at each row.
      const next = {
        first: Math.max(0, Math.floor(startIndex / 50) * 50 - 50),
        last: Math.ceil(endIndex / 50) * 50 + 50,
      };
      setSpan((old) => (old.first === next.first && old.last === next.last ? old : next));
    },
  });
  const { scrollToOffset } = virtual;
  // Another list begins at its top.
  useEffect(() => scrollToOffset(0), [listKey, scrollToOffset]);
  const items = virtual.getVirtualItems();
  const data: TableRow[] = items.map(({ index }) => ({ index, device: rowAt(index), slug, narrow }));
  const table = useTable({
    features: deviceFeatures,
    columns: deviceColumns,
    data,
    getRowId: (row) => String(row.index),
  });

  if (devices.error && devices.total === null)
    return <ErrorState error={devices.error} what="the routers" onRetry={devices.refetch} />;
  if (devices.total === null) return <Skeleton />;
  if (total === 0 && !devices.isPlaceholder) return <>{empty}</>;

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const row = event.target instanceof Element ? event.target.closest('[data-index]') : null;
    if (step === 0 || !row) return;
    event.preventDefault();
    const next = Math.min(total - 1, Math.max(0, Number(row.getAttribute('data-index')) + step));
    virtual.scrollToIndex(next);
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"] [data-row-link]`)?.focus();
    });
  };

  return (
    <div
      ref={scroller}
      className={classes.scroller}
      data-narrow={narrow || undefined}
      data-old={devices.isPlaceholder || undefined}
      role="table"
      aria-label="Routers"
      aria-rowcount={total + 1}
      style={{ '--columns': TEMPLATE, '--row': `${rowHeight}px` } as React.CSSProperties}
    >
      <div className={classes.head} role="rowgroup">
        {table.getHeaderGroups().map((group) => (
          <div key={group.id} role="row" aria-rowindex={1} className={classes.row}>
            {group.headers.map((header) => (
              <HeaderCell key={header.id} id={header.column.id} filter={filter} onSort={onSort}>
                <table.FlexRender header={header} />
              </HeaderCell>
            ))}
          </div>
        ))}
      </div>
      <div
        role="rowgroup"
        className={classes.body}
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={onKeyDown}
        {...pointer}
      >
        {table.getRowModel().rows.map((row, at) => (
          <TableLine key={row.id} row={row} start={items[at]?.start ?? 0} onOpen={open} />
        ))}
      </div>
    </div>
  );
}

function Skeleton() {
  return (
    <Loading label="Loading the routers">
      <div style={{ padding: '8px var(--d-gutter)', display: 'grid', gap: 12 }}>
        {Array.from({ length: 16 }, (_, line) => (
          <Bone key={line} height={20} />
        ))}
      </div>
    </Loading>
  );
}
