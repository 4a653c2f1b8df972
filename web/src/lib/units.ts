/** Shown wherever a value is not known. An unknown number is never 0. */
export const UNKNOWN = '–';

/** Narrow no-break space would be finer, but few fonts carry it with tabular figures. */
const GAP = '\u00a0';

type Maybe = number | null | undefined;

function known(value: Maybe): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Three significant figures at most, without trailing zeros after the point: 1.5, 23, 940. */
function short(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 100) return value.toFixed(0);
  if (magnitude >= 10) return trimZeros(value.toFixed(1));
  return trimZeros(value.toFixed(2));
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let rest = value;
  let step = 0;
  // 999.5 would print as "1000": move on to the next unit before rounding does.
  while (Math.abs(rest) >= base - 0.5 && step < units.length - 1) {
    rest /= base;
    step += 1;
  }
  const unit = units[step] ?? '';
  return `${step === 0 ? rest.toFixed(0) : short(rest)}${GAP}${unit}`;
}

const BIT_RATES = ['bps', 'kbps', 'Mbps', 'Gbps', 'Tbps'] as const;
const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Bits per second in powers of 1000, as RouterOS shows them. */
export function formatBps(value: Maybe): string {
  return known(value) ? scaled(value, 1000, BIT_RATES) : UNKNOWN;
}

/** Bytes in powers of 1024. */
export function formatBytes(value: Maybe): string {
  return known(value) ? scaled(value, 1024, BYTES) : UNKNOWN;
}

export function formatPercent(value: Maybe): string {
  if (!known(value)) return UNKNOWN;
  const text = value > 0 && value < 1 ? trimZeros(value.toFixed(1)) : value.toFixed(0);
  return `${text}${GAP}%`;
}

export function formatTemperature(value: Maybe): string {
  return known(value) ? `${value.toFixed(0)}${GAP}°C` : UNKNOWN;
}

/** Milliseconds, as seconds from one second on. */
export function formatMs(value: Maybe): string {
  if (!known(value)) return UNKNOWN;
  return value >= 1000 ? `${short(value / 1000)}${GAP}s` : `${short(value)}${GAP}ms`;
}

export function formatDbm(value: Maybe): string {
  return known(value) ? `${value.toFixed(0).replace('-', '−')}${GAP}dBm` : UNKNOWN;
}

export function formatDb(value: Maybe): string {
  return known(value) ? `${value.toFixed(0)}${GAP}dB` : UNKNOWN;
}

const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function formatCount(value: Maybe): string {
  return known(value) ? COUNT.format(value) : UNKNOWN;
}

/** "1 router", "3 routers": the count and its noun. */
export function formatCounted(value: Maybe, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)}${GAP}${value === 1 ? singular : plural}`;
}

const SPANS: readonly (readonly [seconds: number, unit: string])[] = [
  [604_800, 'w'],
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** A span in its two largest units: "3 d 4 h", "12 min 5 s". */
export function formatDuration(seconds: Maybe): string {
  if (!known(seconds)) return UNKNOWN;
  const whole = Math.max(0, Math.floor(seconds));
  if (whole === 0) return `0${GAP}s`;
  const first = SPANS.findIndex(([size]) => whole >= size);
  const [size, unit] = SPANS[first] ?? [1, 's'];
  const head = `${Math.floor(whole / size)}${GAP}${unit}`;
  const next = SPANS[first + 1];
  if (!next) return head;
  const rest = Math.floor((whole % size) / next[0]);
  return rest === 0 ? head : `${head} ${rest}${GAP}${next[1]}`;
}

/** A span in its largest unit only, for tables: "3 d". */
export function formatDurationShort(seconds: Maybe): string {
  return known(seconds) ? (formatDuration(seconds).split(' ')[0] ?? UNKNOWN) : UNKNOWN;
}

/** Signal in words, so that a number alone never has to be read: thresholds of the 802.11 practice. */
export function signalQuality(dbm: Maybe): { word: string; level: 0 | 1 | 2 | 3 | 4 } {
  if (!known(dbm)) return { word: 'Unknown', level: 0 };
  if (dbm >= -60) return { word: 'Strong', level: 4 };
  if (dbm >= -68) return { word: 'Good', level: 3 };
  if (dbm >= -75) return { word: 'Fair', level: 2 };
  return { word: 'Weak', level: 1 };
}
