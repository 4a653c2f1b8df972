import type { ChartLine, ChartSpec, SeriesData } from '@/lib/chart';
import { formatMoment } from '@/lib/time';
import { useNow } from '@/lib/useNow';
import classes from './chart.module.css';

interface SeriesTableProps {
  spec: ChartSpec;
  lines: readonly ChartLine[];
  series: SeriesData;
  height: number;
}

/** The chart's numbers, newest first. */
export function SeriesTable({ spec, lines, series, height }: SeriesTableProps) {
  const nowMs = useNow();
  const cells = lines.flatMap((line) => [
    { key: line.key, label: line.label },
    ...(line.maxKey === undefined ? [] : [{ key: line.maxKey, label: `${line.label}, max` }]),
  ]);
  return (
    <div
      className={classes.tableBox}
      style={{ height: Math.max(height, 240) }}
      tabIndex={0}
      role="group"
      aria-label={`${spec.title} as a table`}
    >
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {cells.map((cell) => (
              <th key={cell.key} scope="col">
                {cell.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.at
            .map((at, index) => (
              <tr key={at}>
                <th scope="row">{formatMoment(at * 1000, nowMs)}</th>
                {cells.map((cell) => (
                  <td key={cell.key}>{spec.format(series.columns[cell.key]?.[index])}</td>
                ))}
              </tr>
            ))
            .reverse()}
        </tbody>
      </table>
    </div>
  );
}
