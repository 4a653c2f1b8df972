import { formatMoment } from '@/lib/time';
import type { ChartLine, ChartMark, ChartSpec, SeriesData } from '@/lib/chart';
import { useNow } from '@/lib/useNow';
import classes from './chart.module.css';

interface ReadoutProps {
  spec: ChartSpec;
  lines: readonly ChartLine[];
  series: SeriesData;
  index: number | null;
  atCursor: boolean;
  mark: ChartMark | null;
}

/** The values under the cursor, or the newest ones, with the moment they belong to. */
export function Readout({ spec, lines, series, index, atCursor, mark }: ReadoutProps) {
  const nowMs = useNow();
  const at = index === null ? undefined : series.at[index];
  const value = (key: string) => (index === null ? null : series.columns[key]?.[index]);
  return (
    <div className={classes.readout}>
      {lines.map((line) => (
        <span key={line.key} className={classes.reading}>
          <span
            className={classes.swatch}
            data-fill={line.fill || undefined}
            style={{ color: `var(--d-chart-${line.colour})` }}
            aria-hidden
          />
          {line.label !== spec.title && <span className={classes.name}>{line.label}</span>}
          <span className={classes.value}>{spec.format(value(line.key))}</span>
          {line.maxKey !== undefined && series.columns[line.maxKey] !== undefined && (
            <span className={classes.max}>max {spec.format(value(line.maxKey))}</span>
          )}
        </span>
      ))}
      <span className={classes.moment} data-mark={mark?.severity}>
        {mark
          ? `${formatMoment(mark.atS * 1000, nowMs)} ${mark.message}`
          : at === undefined
            ? ''
            : `${atCursor ? '' : 'latest '}${formatMoment(at * 1000, nowMs)}`}
      </span>
    </div>
  );
}
