import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { DeviceSort } from '@/lib/search';
import type { DeviceFilter } from '../../filter';
import { LAYOUT } from './columns';
import classes from './DeviceTable.module.css';

interface HeaderCellProps {
  id: string;
  filter: DeviceFilter;
  onSort: (sort: DeviceSort) => void;
  children: ReactNode;
}

export function HeaderCell({ id, filter, onSort, children }: HeaderCellProps) {
  const layout = LAYOUT[id];
  const sort = layout?.sort;
  const on = sort !== undefined && (filter.sort ?? 'name') === sort;
  const descending = filter.order === 'desc';
  const Arrow = descending ? IconArrowDown : IconArrowUp;
  return (
    <div
      role="columnheader"
      aria-sort={on ? (descending ? 'descending' : 'ascending') : undefined}
      className={classes.cell}
      data-column={id}
      data-numeric={layout?.numeric || undefined}
      data-narrow={layout?.narrow || undefined}
    >
      {sort === undefined ? (
        children
      ) : (
        <button type="button" className={classes.sort} data-on={on || undefined} onClick={() => onSort(sort)}>
          {children}
          {on && <Arrow size={12} aria-hidden />}
        </button>
      )}
    </div>
  );
}
