import type uPlot from 'uplot';
import type { ChartLine, ChartMark, ChartSpec } from '@/lib/chart';

interface Ink {
  text: string;
  grid: string;
  critical: string;
  warning: string;
  info: string;
  lines: Record<number, string>;
  cursor: string;
  bg: string;
}

/** Canvas knows no CSS variables: the theme's colours are read when a chart is drawn. */
export function readInk(): Ink {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim() || '#888888';
  return {
    text: read('--d-text-3'),
    grid: read('--d-chart-grid'),
    critical: read('--d-critical'),
    warning: read('--d-warning-mark'),
    info: read('--d-text-3'),
    lines: { 1: read('--d-chart-1'), 2: read('--d-chart-2'), 3: read('--d-chart-3'), 4: read('--d-chart-4') },
    cursor: read('--d-line-strong'),
    bg: read('--d-bg'),
  };
}

/** Steps of an axis that counts: 1, 2, 5, 10 and on to 5,000,000. */
const WHOLE = Array.from(
  { length: 21 },
  (_, index) => ([1, 2, 5][index % 3] ?? 1) * 10 ** Math.floor(index / 3),
);
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const FONT = "11px 'Inter Variable', system-ui, sans-serif";

function tickLabels(splits: number[], step: number): string[] {
  return splits.map((second) => {
    const date = new Date(second * 1000);
    const midnight = date.getHours() === 0 && date.getMinutes() === 0;
    return step >= 86_400 || midnight ? DATE.format(date) : TIME.format(date);
  });
}

function drawMarks(u: uPlot, marks: readonly ChartMark[], ink: Ink): void {
  const { ctx, bbox } = u;
  const unit = devicePixelRatio;
  ctx.save();
  for (const mark of marks) {
    const x = Math.round(u.valToPos(mark.atS, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ctx.fillStyle = ink[mark.severity];
    ctx.globalAlpha = mark.severity === 'info' ? 0.35 : 0.6;
    ctx.lineWidth = unit;
    ctx.setLineDash([3 * unit, 3 * unit]);
    ctx.beginPath();
    ctx.moveTo(x + 0.5, bbox.top);
    ctx.lineTo(x + 0.5, bbox.top + bbox.height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.beginPath();
    ctx.moveTo(x - 4 * unit, bbox.top - 5 * unit);
    ctx.lineTo(x + 4 * unit, bbox.top - 5 * unit);
    ctx.lineTo(x, bbox.top + unit);
    ctx.fill();
  }
  ctx.restore();
}

/** A value between two gaps has no line to be seen by: it is drawn as a dot. */
function lonely(size: number, colour: string): uPlot.Series.Points {
  return {
    show: true,
    size,
    stroke: colour,
    fill: colour,
    filter: (u, seriesIndex) => {
      const values = u.data[seriesIndex] ?? [];
      const alone: number[] = [];
      for (let at = 0; at < values.length; at += 1) {
        if (values[at] != null && values[at - 1] == null && values[at + 1] == null) alone.push(at);
      }
      return alone;
    },
  };
}

interface OptionsInput {
  spec: ChartSpec;
  lines: readonly ChartLine[];
  marks: readonly ChartMark[];
  size: { width: number; height: number };
  /** Read at each draw, so that the window moves on without a new chart. */
  window: () => [fromS: number, toS: number];
  syncKey: string;
  onCursor: (index: number | null, mark: ChartMark | null) => void;
}

export function chartOptions({
  spec,
  lines,
  marks,
  size,
  window,
  syncKey,
  onCursor,
}: OptionsInput): uPlot.Options {
  const ink = readInk();
  const series: uPlot.Series[] = [{}];
  for (const line of lines) {
    const colour = ink.lines[line.colour] ?? ink.text;
    if (line.maxKey !== undefined) {
      series.push({
        label: `${line.label} max`,
        stroke: `${colour}80`,
        width: 1,
        points: { show: false },
        spanGaps: false,
      });
    }
    series.push({
      label: line.label,
      stroke: colour,
      width: 1.6,
      ...(line.fill === true ? { fill: `${colour}1f` } : {}),
      points: lonely(4, colour),
      spanGaps: false,
    });
  }
  const { bottom = 0, top } = spec;
  return {
    ...size,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    series,
    cursor: {
      x: true,
      y: false,
      drag: { x: false, y: false },
      points: { size: 6, fill: ink.bg },
      sync: { key: syncKey, setSeries: false },
    },
    scales: {
      x: { time: true, range: () => window() },
      y: {
        range: (_u, min, max) => [
          Math.min(bottom, Number.isFinite(min) ? min : bottom),
          top ?? Math.max(bottom + (spec.whole === true ? 4 : 1), Number.isFinite(max) ? max * 1.08 : 0),
        ],
      },
    },
    axes: [
      {
        stroke: ink.text,
        font: FONT,
        grid: { show: false },
        ticks: { stroke: ink.grid, size: 4, width: 1 },
        gap: 4,
        size: 26,
        space: 64,
        values: (_u, splits, _axis, _space, step) => tickLabels(splits, step),
      },
      {
        stroke: ink.text,
        font: FONT,
        grid: { stroke: ink.grid, width: 1 },
        ticks: { show: false },
        gap: 6,
        space: 34,
        ...(spec.whole === true ? { incrs: WHOLE } : {}),
        // Null before the first draw, whatever the types say.
        size: (_u, values: string[] | null) =>
          16 + 6.3 * Math.max(2, ...(values ?? []).map((value) => value.length)),
        values: (_u, splits) => splits.map((value) => spec.format(value)),
      },
    ],
    hooks: {
      draw: [(u) => drawMarks(u, marks, ink)],
      setCursor: [
        (u) => {
          const { idx, left } = u.cursor;
          if (idx === null || idx === undefined || left === undefined || left < 0) {
            onCursor(null, null);
            return;
          }
          const near = marks.find((mark) => Math.abs(u.valToPos(mark.atS, 'x') - left) < 6);
          onCursor(idx, near ?? null);
        },
      ],
    },
  };
}
