import { createRandom, hash, hex } from './random.ts';
import type { Device } from './types.ts';

const MODELS = [
  {
    model: 'hAP ax³',
    board: 'C53UiG+5HPaxD2HPaxD',
    arch: 'arm64',
    radio: true,
    version: '7.20.4',
    memory: 1024,
    disk: 128,
  },
  {
    model: 'RB5009UG+S+',
    board: 'RB5009UG+S+',
    arch: 'arm64',
    radio: false,
    version: '7.19.6',
    memory: 1024,
    disk: 1024,
  },
  {
    model: 'CCR2116-12G-4S+',
    board: 'CCR2116-12G-4S+',
    arch: 'arm64',
    radio: false,
    version: '7.20.4',
    memory: 16384,
    disk: 128,
  },
  {
    model: 'RB4011iGS+5HacQ2HnD',
    board: 'RB4011iGS+5HacQ2HnD',
    arch: 'arm',
    radio: true,
    version: '6.49.19',
    memory: 1024,
    disk: 512,
  },
  {
    model: 'LHG XL 5 ac',
    board: 'RBLHGG-5acD-XL',
    arch: 'arm',
    radio: true,
    version: '7.18.2',
    memory: 256,
    disk: 16,
  },
] as const;

export const NOW_MS = (): number => Date.now();
export const iso = (ms: number): string => new Date(ms).toISOString();

export function makeDevice(
  id: number,
  index: number,
  site: string,
  mix: readonly number[],
  base: number,
): Device {
  const seed = hash(`${base}/${index}`);
  const random = createRandom(seed);
  const kind = MODELS[mix[Math.floor(random() * mix.length)] ?? 0] ?? MODELS[0];
  const now = NOW_MS();
  const role = kind.radio
    ? kind.model.startsWith('LHG')
      ? 'ptp'
      : 'ap'
    : kind.model.startsWith('CCR')
      ? 'core'
      : 'gw';
  return {
    id,
    name: `${site}-${role}-${String(1 + Math.floor(index / 5)).padStart(2, '0')}`,
    address: `10.${20 + base}.${Math.floor(index / 200)}.${10 + (index % 200)}`,
    api_port: 8729,
    ssh_port: 22,
    username: 'drover',
    model: kind.model,
    serial: `HF${hex(seed, 9).toUpperCase()}`,
    version: kind.version,
    group_id: null,
    group_name: null,
    tags: [
      ...(kind.radio ? ['wireless'] : []),
      ...(random() < 0.25 ? ['critical'] : []),
      ...(random() < 0.15 ? ['lte-backup'] : []),
    ],
    state: 'online',
    state_reason: null,
    state_since: iso(now - (3 + random() * 40) * 86_400_000),
    last_poll_at: iso(now - random() * 55_000),
    cpu_percent: 3 + random() * 32,
    memory_percent: 18 + random() * 48,
    disk_percent: 12 + random() * 50,
    temperature_c: 38 + random() * 18,
    uptime_s: Math.floor((1 + random() * 90) * 86_400),
    clients: kind.radio ? Math.floor(random() * 34) : null,
    rx_bps: random() ** 3 * 420_000_000,
    tx_bps: random() ** 3 * 180_000_000,
    last_snapshot_at: iso(now - random() * 20 * 3_600_000),
    spki_sha256: hex(seed ^ 7, 64),
    ssh_host_key_sha256: `SHA256:${Buffer.from(hex(seed ^ 9, 64), 'hex')
      .toString('base64')
      .replace(/=+$/, '')}`,
    architecture: kind.arch,
    board_name: kind.board,
    firmware: kind.version,
    notes: '',
    poll_interval_s: 60,
    snapshot_interval_s: 21_600,
    snapshot_state: 'ok',
    snapshot_error: null,
    capabilities: {
      api: 'api-ssl answered',
      ssh: 'host key read',
      safe_mode: kind.version.startsWith('7.2') ? '7.18 or newer' : 'no',
    },
    memory_total_bytes: kind.memory * 1_048_576,
    disk_total_bytes: kind.disk * 1_048_576,
    created_at: iso(now - 60 * 86_400_000),
  };
}

export function spoil(devices: Device[]): void {
  const now = NOW_MS();
  const put = (index: number, change: Partial<Device>) => Object.assign(devices[index] ?? {}, change);
  const dead = {
    cpu_percent: null,
    memory_percent: null,
    disk_percent: null,
    temperature_c: null,
    rx_bps: null,
    tx_bps: null,
    uptime_s: null,
  };
  put(3, {
    ...dead,
    state: 'offline',
    state_reason: 'no answer for 6 polls (timeout)',
    state_since: iso(now - 97 * 60_000),
    last_poll_at: iso(now - 98 * 60_000),
    clients: null,
  });
  put(6, {
    state: 'stale',
    state_reason: 'last poll took longer than 8 s',
    state_since: iso(now - 4 * 60_000),
    last_poll_at: iso(now - 5 * 60_000),
  });
  if (devices.length > 10) {
    put(8, {
      ...dead,
      state: 'needs_credentials',
      state_reason: 'the router refused the login',
      state_since: iso(now - 26 * 3_600_000),
      last_poll_at: iso(now - 26 * 3_600_000),
      clients: null,
    });
    put(9, {
      disk_percent: 98.6,
      snapshot_state: 'failed',
      snapshot_error: 'the router has no room to export (disk full)',
    });
    put(10, { state: 'online', state_since: iso(now - 3 * 60_000), uptime_s: 190 });
  }
  if (devices.length > 20) {
    put(15, {
      ...dead,
      state: 'certificate_changed',
      state_reason: 'the public key is not the one confirmed at enrolment',
      state_since: iso(now - 11 * 60_000),
      clients: null,
    });
    put(17, {
      ...dead,
      state: 'disabled',
      state_reason: 'disabled by Rosa Lind',
      state_since: iso(now - 9 * 86_400_000),
      last_poll_at: null,
      last_snapshot_at: null,
      clients: null,
    });
    put(21, {
      ...dead,
      state: 'unknown',
      state_reason: 'not polled yet',
      state_since: iso(now - 20_000),
      last_poll_at: null,
      last_snapshot_at: null,
      snapshot_state: 'never',
      clients: null,
    });
    put(12, { cpu_percent: 96 });
  }
}
