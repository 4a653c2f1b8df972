import { describe, expect, it } from 'vitest';
import { formatAgo, formatDay, formatMoment, isStale } from './time';

const NOW = Date.parse('2026-11-24T14:00:00Z');
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('ages', () => {
  it.each([
    [0, 'just now'],
    [12, '12 s ago'],
    [61, '1 min ago'],
    [7_300, '2 h ago'],
    [86_400, '24 h ago'],
    [86_400 * 3, '3 d ago'],
    [-1, 'just now'],
    [-180, 'in 3 min'],
  ])('%i seconds back reads "%s"', (seconds, expected) => {
    expect(plain(formatAgo(ago(seconds), NOW))).toBe(expected);
  });

  it('shows a dash for no time at all', () => {
    expect(formatAgo(null, NOW)).toBe('–');
    expect(formatAgo('not a time', NOW)).toBe('–');
    expect(formatMoment(null, NOW)).toBe('–');
  });

  it('names the days one thinks of by name', () => {
    expect(formatDay(ago(60), NOW)).toBe('Today');
    expect(formatDay(ago(86_400), NOW)).toBe('Yesterday');
  });

  it('calls a value stale after three intervals', () => {
    expect(isStale(ago(170), NOW, 60)).toBe(false);
    expect(isStale(ago(181), NOW, 60)).toBe(true);
    expect(isStale(null, NOW)).toBe(true);
  });
});
