import { describe, expect, it } from 'vitest';
import { lastKnown, presentLines, withGaps } from './chart';
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
});
