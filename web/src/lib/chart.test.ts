import { describe, expect, it } from 'vitest';
import { fittingRange, lastKnown, presentLines, rangeSince, withGaps } from './chart';
import { CPU, TEMPERATURE } from './chartSpecs';

const SERIES = {
  step_s: 60,
  at: [0, 60, 240, 300],
  columns: { cpu_percent: [1, 2, 3, null], temperature_c: [null, null, null, null] },
};

describe('a series', () => {
  it('keeps a missing step as a gap, not as a line across it', () => {
    const full = withGaps(SERIES);
    expect(full.at).toEqual([0, 60, 120, 240, 300]);
    expect(full.columns['cpu_percent']).toEqual([1, 2, null, 3, null]);
  });

  it('is the same when nothing is missing', () => {
    const whole = { step_s: 60, at: [0, 60, 120], columns: { cpu_percent: [1, null, 3] } };
    expect(withGaps(whole)).toEqual(whole);
  });

  it('shows the newest value that is known', () => {
    expect(lastKnown(SERIES, CPU.lines)).toBe(2);
    expect(lastKnown(SERIES, TEMPERATURE.lines)).toBeNull();
  });

  it('has no line for what a router does not measure', () => {
    expect(presentLines(CPU, SERIES)).toHaveLength(1);
    expect(presentLines(TEMPERATURE, SERIES)).toHaveLength(0);
  });

  it('is shown in the shortest range that holds it', () => {
    const day = Array.from({ length: 288 }, (_, step) => step * 300);
    const since = (step: number) => ({
      step_s: 300,
      at: day,
      columns: { rx_bps: day.map((_, at) => (at < step ? null : 1)) },
    });
    expect(fittingRange(since(0))).toBe('24h');
    expect(fittingRange(since(250))).toBe('6h');
    expect(fittingRange(since(286))).toBe('1h');
    expect(fittingRange(since(288))).toBe('24h');
    expect(rangeSince(0, 20 * 60_000)).toBe('1h');
  });
});
