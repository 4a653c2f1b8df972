import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ChartLine, ChartMark, ChartSpec, SeriesData } from '@/lib/chart';
import classes from './chart.module.css';
import { chartOptions } from './options';

interface PlotProps {
  spec: ChartSpec;
  lines: readonly ChartLine[];
  series: SeriesData;
  marks: readonly ChartMark[];
  height: number;
  spanS: number;
  syncKey: string;
  label: string;
  onCursor: (index: number | null, mark: ChartMark | null) => void;
}

function columns(series: SeriesData, lines: readonly ChartLine[]): uPlot.AlignedData {
  const empty: (number | null)[] = series.at.map(() => null);
  return [
    series.at,
    ...lines.flatMap((line) => [
      ...(line.maxKey === undefined ? [] : [series.columns[line.maxKey] ?? empty]),
      series.columns[line.key] ?? empty,
    ]),
  ];
}

/** The canvas itself. New data moves the lines; only a new shape or theme makes a new chart. */
export default function Plot({
  spec,
  lines,
  series,
  marks,
  height,
  spanS,
  syncKey,
  label,
  onCursor,
}: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const scheme = useComputedColorScheme('light');
  const latest = useRef({ series, spec, lines, marks, spanS, onCursor });
  useEffect(() => {
    latest.current = { series, spec, lines, marks, spanS, onCursor };
  });
  const shape = `${lines.map((line) => line.key).join()}|${spec.title}|${marks.length}|${marks[0]?.atS ?? ''}`;

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const now = latest.current;
    const chart = new uPlot(
      chartOptions({
        spec: now.spec,
        lines: now.lines,
        marks: now.marks,
        size: { width: Math.max(120, element.clientWidth), height },
        window: () => {
          const end = latest.current.series.at.at(-1) ?? Date.now() / 1000;
          const to = Math.max(end + latest.current.series.step_s, Math.floor(Date.now() / 1000));
          return [to - latest.current.spanS, to];
        },
        syncKey,
        onCursor: (index, mark) => latest.current.onCursor(index, mark),
      }),
      columns(now.series, now.lines),
      element,
    );
    plot.current = chart;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) chart.setSize({ width: Math.max(120, entry.contentRect.width), height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [shape, scheme, height, syncKey]);

  useEffect(() => {
    plot.current?.setData(columns(series, lines));
  }, [series, lines, spanS]);

  const onKeyDown = (event: KeyboardEvent) => {
    const chart = plot.current;
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (!chart || step === 0) return;
    event.preventDefault();
    const index = Math.min(series.at.length - 1, Math.max(0, (chart.cursor.idx ?? series.at.length) + step));
    chart.setCursor({ left: chart.valToPos(series.at[index] ?? 0, 'x'), top: 0 });
  };

  return (
    <div
      ref={box}
      className={classes.plot}
      style={{ height }}
      role="img"
      aria-label={label}
      tabIndex={0}
      onKeyDown={onKeyDown}
    />
  );
}
