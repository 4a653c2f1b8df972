import { ActionIcon, Tooltip } from '@mantine/core';
import { IconChartLine, IconTable } from '@tabler/icons-react';
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import {
  RANGE_S,
  RANGE_WORDS,
  lastKnown,
  presentLines,
  withGaps,
  type ChartMark,
  type ChartSpec,
  type SeriesData,
} from '@/lib/chart';
import type { Range } from '@/lib/search';
import { Bone, Loading } from '../Bone';
import { ErrorState } from '../ErrorState';
import classes from './chart.module.css';
import { Readout } from './Readout';
import { SeriesTable } from './SeriesTable';

const Plot = lazy(() => import('./Plot'));
const NO_MARKS: readonly ChartMark[] = [];

interface ChartPanelProps {
  spec: ChartSpec;
  range: Range;
  query: { data?: SeriesData | undefined; error: Error | null; isPending: boolean; refetch: () => unknown };
  marks?: readonly ChartMark[];
  height?: number;
  /** Charts of one page share one cursor. */
  syncKey: string;
  actions?: ReactNode;
}

/** A time series with its readout; the same numbers as a table at the press of T. */
export function ChartPanel({
  spec,
  range,
  query,
  marks = NO_MARKS,
  height = 168,
  syncKey,
  actions,
}: ChartPanelProps) {
  const [asTable, setAsTable] = useState(false);
  const [cursor, setCursor] = useState<{ index: number | null; mark: ChartMark | null }>({
    index: null,
    mark: null,
  });
  const series = useMemo(() => (query.data ? withGaps(query.data) : undefined), [query.data]);
  const lines = useMemo(() => (series ? presentLines(spec, series) : []), [spec, series]);
  const shown = series ? (cursor.index ?? lastKnown(series, lines)) : null;
  const toggle = () => setAsTable(!asTable);

  return (
    <section
      aria-label={spec.title}
      className={classes.panel}
      onKeyDown={(event) => {
        if (event.key.toLowerCase() === 't' && !event.ctrlKey && !event.metaKey && !event.altKey) toggle();
      }}
    >
      <header className={classes.head}>
        <h2 className={classes.title}>{spec.title}</h2>
        <div className={classes.tools}>
          {actions}
          <Tooltip label={asTable ? 'Chart (T)' : 'Table (T)'}>
            <ActionIcon
              variant="subtle"
              size={24}
              onClick={toggle}
              aria-label={`Show ${spec.title} as a ${asTable ? 'chart' : 'table'}`}
            >
              {asTable ? <IconChartLine size={15} aria-hidden /> : <IconTable size={15} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        </div>
      </header>
      {series && lines.length > 0 && (
        <Readout
          spec={spec}
          lines={lines}
          series={series}
          index={shown}
          atCursor={cursor.index !== null}
          mark={cursor.mark}
        />
      )}
      <div style={{ minHeight: height }} className={classes.body}>
        {query.isPending ? (
          <Loading label={`Loading ${spec.title}`}>
            <Bone height={height} />
          </Loading>
        ) : query.error && !series ? (
          <ErrorState
            inline
            error={query.error}
            what={spec.title.toLowerCase()}
            onRetry={() => void query.refetch()}
          />
        ) : !series || lines.length === 0 ? (
          <div className={classes.none} style={{ height }}>
            No point to draw in the {RANGE_WORDS[range]} yet.
          </div>
        ) : asTable ? (
          <SeriesTable spec={spec} lines={lines} series={series} height={height} />
        ) : (
          <Suspense fallback={<Bone height={height} />}>
            <Plot
              spec={spec}
              lines={lines}
              series={series}
              marks={marks}
              height={height}
              spanS={RANGE_S[range]}
              syncKey={syncKey}
              label={`Chart of ${spec.title}, ${RANGE_WORDS[range]}. Press T for a table.`}
              onCursor={(index, mark) =>
                setCursor((old) => (old.index === index && old.mark === mark ? old : { index, mark }))
              }
            />
          </Suspense>
        )}
      </div>
    </section>
  );
}
