import { UNKNOWN } from './units';

const GAP = '\u00a0';

/** Milliseconds since 1970, or null for what is not a time. */
export function parseTime(iso: string | null | undefined): number | null {
  if (!iso) return null;
  const ms = Date.parse(iso);
  return Number.isNaN(ms) ? null : ms;
}

/** How old a moment is, in one unit: "now", "12 s", "4 min", "3 h", "2 d". */
export function formatAge(iso: string | null | undefined, nowMs: number): string {
  const ms = parseTime(iso);
  if (ms === null) return UNKNOWN;
  const seconds = Math.max(0, Math.floor((nowMs - ms) / 1000));
  if (seconds < 1) return 'now';
  if (seconds < 60) return `${seconds}${GAP}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${GAP}min`;
  if (seconds < 86_400 * 2) return `${Math.floor(seconds / 3600)}${GAP}h`;
  if (seconds < 86_400 * 365) return `${Math.floor(seconds / 86_400)}${GAP}d`;
  return `${Math.floor(seconds / (86_400 * 365))}${GAP}y`;
}

/** "12 s ago"; "in 3 min" for what lies ahead. */
export function formatAgo(iso: string | null | undefined, nowMs: number): string {
  const ms = parseTime(iso);
  if (ms === null) return UNKNOWN;
  // Clocks differ by a little: two seconds ahead is still now.
  if (ms > nowMs + 2000) return `in ${formatAge(new Date(nowMs).toISOString(), ms)}`;
  const age = formatAge(iso, nowMs);
  return age === 'now' ? 'just now' : `${age} ago`;
}

const ABSOLUTE = new Intl.DateTimeFormat('en-GB', {
  day: '2-digit',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const CLOCK_SECONDS = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const DAY_CLOCK = new Intl.DateTimeFormat('en-GB', {
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const DAY = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: '2-digit',
  month: 'short',
  year: 'numeric',
});

/** The whole moment in the viewer's zone, for hovering. */
export function formatAbsolute(value: string | number | null | undefined): string {
  const ms = typeof value === 'number' ? value : parseTime(value);
  return ms === null ? UNKNOWN : ABSOLUTE.format(ms);
}

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** "14:02" today, "23 Nov, 14:02" on other days. */
export function formatMoment(value: string | number | null | undefined, nowMs: number): string {
  const ms = typeof value === 'number' ? value : parseTime(value);
  if (ms === null) return UNKNOWN;
  return sameDay(ms, nowMs) ? CLOCK.format(ms) : DAY_CLOCK.format(ms);
}

export function formatClock(value: string): string {
  const ms = parseTime(value);
  return ms === null ? UNKNOWN : CLOCK_SECONDS.format(ms);
}

/** "Today", "Yesterday" or the date: headings of a timeline. */
export function formatDay(iso: string, nowMs: number): string {
  const ms = parseTime(iso);
  if (ms === null) return UNKNOWN;
  if (sameDay(ms, nowMs)) return 'Today';
  if (sameDay(ms, nowMs - 86_400_000)) return 'Yesterday';
  return DAY.format(ms);
}

/** Older than three intervals (or three minutes): a value that must not look current. */
export function isStale(iso: string | null | undefined, nowMs: number, intervalS = 60): boolean {
  const ms = parseTime(iso);
  return ms === null || nowMs - ms > Math.max(intervalS * 3, 30) * 1000;
}
