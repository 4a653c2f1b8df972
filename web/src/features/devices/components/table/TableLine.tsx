import { FlexRender, type Row } from '@tanstack/react-table';
import { memo, type MouseEvent } from 'react';
import { LAYOUT, type deviceFeatures, type TableRow } from './columns';
import classes from './DeviceTable.module.css';

interface TableLineProps {
  row: Row<typeof deviceFeatures, TableRow>;
  start: number;
  onOpen: (event: MouseEvent, id: number) => void;
}

function Line({ row, start, onOpen }: TableLineProps) {
  const { index, device } = row.original;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-state={device?.state}
      className={`${classes.row ?? ''} ${classes.line ?? ''}`}
      style={{ transform: `translateY(${start}px)` }}
      onClick={device ? (event) => onOpen(event, device.id) : undefined}
    >
      {row.getAllCells().map((cell) => (
        <div
          key={cell.id}
          role="cell"
          className={classes.cell}
          data-column={cell.column.id}
          data-numeric={LAYOUT[cell.column.id]?.numeric || undefined}
          data-narrow={LAYOUT[cell.column.id]?.narrow || undefined}
        >
          <FlexRender cell={cell} />
        </div>
      ))}
    </div>
  );
}

/** The table's row objects are new at each scroll; a line is drawn again only when what it shows has changed. */
export const TableLine = memo(
  Line,
  (before, after) =>
    before.row.original.device === after.row.original.device &&
    before.row.original.index === after.row.original.index &&
    before.row.original.slug === after.row.original.slug &&
    before.row.original.narrow === after.row.original.narrow &&
    before.start === after.start &&
    before.onOpen === after.onOpen,
);
