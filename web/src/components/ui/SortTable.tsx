import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type RowData,
} from '@tanstack/react-table';
import { Fragment, useMemo, type ReactNode } from 'react';
import classes from './table.module.css';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** Numbers by size, words as people count: ether2 before ether10. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

export interface SortColumn<T> {
  id: string;
  header: string;
  /** What is sorted by; unknown comes last in both directions. */
  value?: (row: T) => string | number | null;
  cell: (row: T) => ReactNode;
  numeric?: boolean;
  /** Not shown at 390 px. */
  wide?: boolean;
}

interface SortTableProps<T extends RowData> {
  label: string;
  columns: readonly SortColumn<T>[];
  rows: readonly T[];
  rowId: (row: T) => string;
  sort?: { id: string; desc: boolean };
  /** A row can open below itself. */
  openId?: string | undefined;
  onOpen?: (row: T) => void;
  detail?: (row: T) => ReactNode;
}

/** A table of what fits a screen or two, sorted in the browser. */
export function SortTable<T extends RowData>({
  label,
  columns,
  rows,
  rowId,
  sort,
  openId,
  onOpen,
  detail,
}: SortTableProps<T>) {
  const byId = new Map(columns.map((column) => [column.id, column]));
  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, T>();
    return helper.columns(
      columns.map(({ id, header, value, numeric }) =>
        helper.accessor((row) => value?.(row) ?? undefined, {
          id,
          header,
          enableSorting: value !== undefined,
          sortFn: (a, b, columnId) => compare(a.getValue(columnId), b.getValue(columnId)),
          sortUndefined: 'last',
          sortDescFirst: numeric === true,
        }),
      ),
    );
  }, [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data: rows,
    getRowId: rowId,
    initialState: { sorting: sort ? [sort] : [] },
    enableSortingRemoval: false,
  });

  return (
    <div className={classes.wrap}>
      <table className={classes.table} aria-label={label}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map(({ id, column }) => {
                const order = column.getIsSorted();
                const look = byId.get(id);
                const Arrow = order === 'desc' ? IconArrowDown : IconArrowUp;
                return (
                  <th
                    key={id}
                    scope="col"
                    aria-sort={order === false ? undefined : order === 'desc' ? 'descending' : 'ascending'}
                    className={[look?.numeric ? classes.num : '', look?.wide ? classes.wide : ''].join(' ')}
                  >
                    {look?.value ? (
                      <button
                        type="button"
                        className={classes.sort}
                        data-on={order !== false || undefined}
                        onClick={column.getToggleSortingHandler()}
                      >
                        {look.header}
                        {order !== false && <Arrow size={12} aria-hidden />}
                      </button>
                    ) : (
                      look?.header
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => {
            const open = openId === row.id;
            return (
              <Fragment key={row.id}>
                <tr
                  data-link={onOpen ? true : undefined}
                  data-selected={open || undefined}
                  onClick={
                    onOpen &&
                    ((event) => {
                      if (!(event.target instanceof Element && event.target.closest('a,button')))
                        onOpen(row.original);
                    })
                  }
                >
                  {columns.map((column) => (
                    <td
                      key={column.id}
                      className={[column.numeric ? classes.num : '', column.wide ? classes.wide : ''].join(
                        ' ',
                      )}
                    >
                      {column.cell(row.original)}
                    </td>
                  ))}
                </tr>
                {open && detail && (
                  <tr className={classes.detail}>
                    <td colSpan={columns.length}>{detail(row.original)}</td>
                  </tr>
                )}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
