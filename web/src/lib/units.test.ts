import { describe, expect, it } from 'vitest';
import {
  formatBps,
  formatBytes,
  formatCounted,
  formatDbm,
  formatDuration,
  formatDurationShort,
  formatPercent,
  signalQuality,
} from './units';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('numbers', () => {
  it.each([
    [formatBps(null), '–'],
    [formatBps(undefined), '–'],
    [formatBps(Number.NaN), '–'],
    [formatBps(0), '0 bps'],
    [formatBps(999.6), '1 kbps'],
    [formatBps(1_500), '1.5 kbps'],
    [formatBps(12_340_000), '12.3 Mbps'],
    [formatBps(940_000_000), '940 Mbps'],
    [formatBps(1_000_000_000), '1 Gbps'],
    [formatBytes(0), '0 B'],
    [formatBytes(1024), '1 KiB'],
    [formatBytes(134_217_728), '128 MiB'],
    [formatPercent(0), '0 %'],
    [formatPercent(0.4), '0.4 %'],
    [formatPercent(97.6), '98 %'],
    [formatPercent(null), '–'],
    [formatDbm(-71), '−71 dBm'],
    [formatDuration(null), '–'],
    [formatDuration(0), '0 s'],
    [formatDuration(59), '59 s'],
    [formatDuration(3_725), '1 h 2 min'],
    [formatDuration(86_400), '1 d'],
    [formatDuration(1_987_200), '3 w 2 d'],
    [formatDurationShort(93_600), '1 d'],
    [formatCounted(1, 'router'), '1 router'],
    [formatCounted(10_000, 'router'), '10,000 routers'],
  ])('%s reads %s', (actual, expected) => {
    expect(plain(actual)).toBe(expected);
  });

  it('names a weak signal weak, and an unknown one unknown', () => {
    expect(signalQuality(-80).word).toBe('Weak');
    expect(signalQuality(-55).word).toBe('Strong');
    expect(signalQuality(null).word).toBe('Unknown');
  });
});
