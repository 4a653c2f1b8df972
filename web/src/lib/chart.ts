import type { Schema } from '@/api/client';
import type { Range } from './search';

export type SeriesData = Schema<'Series'>;

/** One line of a chart: an average, and the maximum of the same steps when the server has it. */
export interface ChartLine {
  key: string;
  maxKey?: string;
  label: string;
  colour: 1 | 2 | 3 | 4;
  fill?: boolean;
}

export interface ChartSpec {
  title: string;
  lines: readonly ChartLine[];
  format: (value: number | null | undefined) => string;
  /** Fixed ends of the value axis; without them it starts at 0 and follows the data. */
  bottom?: number;
  top?: number;
  /** Counts: no halves on the axis. */
  whole?: boolean;
}

/** Something that happened, on the time axis. */
export interface ChartMark {
  atS: number;
  severity: 'info' | 'warning' | 'critical';
  message: string;
}

export const RANGE_S: Record<Range, number> = {
  '1h': 3600,
  '6h': 21_600,
  '24h': 86_400,
  '7d': 604_800,
  '30d': 2_592_000,
};

export const RANGE_WORDS: Record<Range, string> = {
  '1h': 'last hour',
  '6h': 'last 6 hours',
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
};

/** The shortest range that holds all of a series: a router added an hour ago has no day to show. */
export function fittingRange(series: SeriesData): Range {
  const keys = Object.keys(series.columns);
  const first = series.at.find((_, index) => keys.some((key) => series.columns[key]?.[index] != null));
  return first === undefined ? '24h' : rangeSince(first * 1000, (series.at.at(-1) ?? first) * 1000);
}

/** The same from the moment that something began. */
export function rangeSince(beganMs: number, nowMs: number): Range {
  const ageS = (nowMs - beganMs) / 1000;
  if (ageS < RANGE_S['1h'] * 1.5) return '1h';
  return ageS < RANGE_S['6h'] * 1.2 ? '6h' : '24h';
}

/** Index of the last step in which any of the lines has a value. */
export function lastKnown(series: SeriesData, lines: readonly ChartLine[]): number | null {
  for (let at = series.at.length - 1; at >= 0; at -= 1) {
    if (lines.some((line) => series.columns[line.key]?.[at] != null)) return at;
  }
  return null;
}

/** The lines that the server has a column for: devices without a sensor have none. */
export function presentLines(spec: ChartSpec, series: SeriesData): ChartLine[] {
  return spec.lines.filter((line) => series.columns[line.key]?.some((value) => value !== null) === true);
}

/** Puts nulls where steps are missing, so that a gap is drawn as a gap and not as a straight line. */
export function withGaps(series: SeriesData): SeriesData {
  const { at, columns, step_s: step } = series;
  const names = Object.keys(columns);
  const full: SeriesData = {
    step_s: step,
    at: [],
    columns: Object.fromEntries(names.map((name) => [name, []])),
  };
  at.forEach((moment, index) => {
    const before = at[index - 1];
    if (before !== undefined && moment - before > step * 1.5) {
      full.at.push(before + step);
      for (const name of names) full.columns[name]?.push(null);
    }
    full.at.push(moment);
    for (const name of names) full.columns[name]?.push(columns[name]?.[index] ?? null);
  });
  return full;
}

export function marksFrom(events: readonly Schema<'Event'>[] | undefined): ChartMark[] {
  return (events ?? []).map(({ at, severity, message }) => ({
    atS: Date.parse(at) / 1000,
    severity,
    message,
  }));
}
