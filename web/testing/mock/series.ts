import { createRandom, daylight, hash, wave } from './random.ts';
import type { Device, Schema } from './types.ts';

const SPANS: Record<string, [spanS: number, stepS: number]> = {
  '1h': [3600, 60],
  '6h': [21_600, 60],
  '24h': [86_400, 300],
  '7d': [604_800, 1800],
  '30d': [2_592_000, 3600],
};

type Make = (atS: number, index: number) => number | null;

function series(range: string, makers: Record<string, Make>): Schema<'Series'> {
  const [span, step] = SPANS[range] ?? [86_400, 300];
  const end = Math.floor(Date.now() / 1000 / step) * step;
  const at = Array.from({ length: Math.floor(span / step) }, (_, n) => end - span + n * step);
  // A gap of some steps, as a real outage leaves it.
  const gap = (n: number) => n > at.length * 0.61 && n < at.length * 0.635;
  const columns = Object.fromEntries(
    Object.entries(makers).map(([name, make]) => [
      name,
      at.map((each, n) => (gap(n) ? null : make(each, n))),
    ]),
  );
  return { step_s: step, at, columns };
}

function traffic(seed: number, peakBps: number): Record<string, Make> {
  const rx: Make = (at) => Math.max(0, peakBps * daylight(at) * (0.72 + 0.22 * wave(seed, at, 5400)));
  const tx: Make = (at) =>
    Math.max(0, peakBps * 0.27 * daylight(at) * (0.7 + 0.3 * wave(seed ^ 5, at, 4200)));
  const burst = (at: number) => 1.12 + createRandom(seed ^ at)() ** 4 * 1.1;
  return {
    rx_bps: rx,
    rx_bps_max: (at, n) => (rx(at, n) ?? 0) * burst(at),
    tx_bps: tx,
    tx_bps_max: (at, n) => (tx(at, n) ?? 0) * burst(at + 1),
  };
}

export function tenantTraffic(seed: string, range: string, devices: number): Schema<'Series'> {
  return series(range, traffic(hash(seed), 38_000_000 * devices));
}

export function deviceSamples(device: Device, range: string): Schema<'Series'> {
  const seed = device.id * 7919;
  const cpu: Make = (at) =>
    Math.min(100, Math.max(1, (device.cpu_percent ?? 20) + 9 * wave(seed, at, 3600) + 8 * daylight(at)));
  const level =
    (value: number | null, swing: number, offset: number): Make =>
    (at) =>
      value === null ? null : Math.max(0, value + swing * wave(seed + offset, at, 9000));
  return series(range, {
    cpu_percent: cpu,
    cpu_percent_max: (at, n) => Math.min(100, (cpu(at, n) ?? 0) + 4 + createRandom(seed ^ at)() ** 3 * 40),
    memory_percent: level(device.memory_percent, 3, 11),
    memory_percent_max: level(device.memory_percent === null ? null : device.memory_percent + 3, 3, 11),
    disk_percent: level(device.disk_percent, 0.3, 17),
    temperature_c: level(device.temperature_c, 2.5, 23),
    temperature_c_max: level(device.temperature_c === null ? null : device.temperature_c + 2, 2.5, 23),
    rtt_ms: (at) => 22 + 9 * wave(seed ^ 77, at, 7000),
    rtt_ms_max: (at) => 40 + 60 * createRandom(seed ^ at)() ** 3,
    ...traffic(seed, device.rx_bps ?? 20_000_000),
  });
}

export function interfaceSamples(id: number, range: string): Schema<'Series'> {
  return series(range, {
    ...traffic(id * 104_729, 30_000_000 + (id % 7) * 60_000_000),
    rx_errors: () => 0,
    tx_errors: () => 0,
  });
}

export function wirelessSamples(device: Device, range: string): Schema<'Series'> {
  const seed = device.id * 31;
  const clients: Make = (at) =>
    Math.max(0, Math.round((device.clients ?? 10) * daylight(at) * (0.9 + 0.2 * wave(seed, at, 5000))));
  return series(range, {
    clients,
    clients_max: (at, n) => (clients(at, n) ?? 0) + 1,
    signal_dbm: (at) => -62 + 4 * wave(seed, at, 8000),
    signal_dbm_min: (at) => -76 + 5 * wave(seed ^ 3, at, 7000),
  });
}

export function interfacesOf(device: Device): Schema<'Interface'>[] {
  const names = device.model?.startsWith('CCR')
    ? [
        'sfp-sfpplus1',
        'sfp-sfpplus2',
        'ether1',
        'ether2',
        'ether3',
        'ether4',
        'bond-core',
        'vlan10-mgmt',
        'vlan20-customers',
        'vlan30-voice',
        'l2tp-out1',
      ]
    : [
        'ether1',
        'ether2',
        'ether3',
        'ether4',
        'ether5',
        ...(device.clients === null ? [] : ['wifi1', 'wifi2']),
        'bridge',
        'wireguard1',
      ];
  const comments: Record<string, string> = {
    ether1: 'WAN — fibre',
    'sfp-sfpplus1': 'uplink to core-2',
    ether3: 'switch, floor 2',
  };
  const dead = device.state !== 'online' && device.state !== 'stale';
  return names.map((name, index) => {
    const seed = hash(`${device.id}${name}`);
    const random = createRandom(seed);
    const running = name !== 'ether4' && name !== 'wireguard1';
    const busy = random() ** 2 * (index === 0 ? 400_000_000 : 90_000_000);
    return {
      id: device.id * 100 + index,
      name,
      type: name.startsWith('wifi')
        ? 'wifi'
        : name.startsWith('vlan')
          ? 'vlan'
          : name.startsWith('bridge')
            ? 'bridge'
            : name === 'wireguard1'
              ? 'wg'
              : name.startsWith('l2tp')
                ? 'l2tp-out'
                : 'ether',
      mac_address:
        name === 'wireguard1'
          ? null
          : `48:A9:8A:1${index.toString(16)}:${(seed & 255).toString(16).padStart(2, '0')}:0${index.toString(16)}`.toUpperCase(),
      comment: comments[name] ?? null,
      running: dead ? null : running,
      disabled: name === 'wireguard1',
      rate_bps:
        running && /^(ether|sfp)/.test(name)
          ? name.startsWith('sfp')
            ? 10_000_000_000
            : name === 'ether3'
              ? 100_000_000
              : 1_000_000_000
          : null,
      rx_bps: dead ? null : running ? busy : 0,
      tx_bps: dead ? null : running ? busy * 0.3 : 0,
      rx_errors: dead ? null : name === 'ether3' ? 1843 : 0,
      tx_errors: dead ? null : 0,
      link_downs: dead ? null : name === 'ether3' ? 27 : Math.floor(random() * 3),
      last_seen_at: device.last_poll_at,
    };
  });
}

export function wirelessOf(device: Device): Schema<'WirelessClient'>[] {
  if (device.clients === null) return [];
  const legacy = device.version?.startsWith('6') ?? false;
  return Array.from({ length: device.clients }, (_, index) => {
    const random = createRandom(device.id * 1000 + index);
    const signal = Math.round(-46 - random() * 40);
    return {
      interface: index % 3 === 0 ? (legacy ? 'wlan2' : 'wifi2') : legacy ? 'wlan1' : 'wifi1',
      mac_address:
        `A4:83:E7:${[1, 2, 3].map((n) => ((device.id * n * 37 + index * 11) & 255).toString(16).padStart(2, '0')).join(':')}`.toUpperCase(),
      host_name:
        random() < 0.7
          ? (['anna-laptop', 'till-2', 'printer-floor-1', 'scanner', 'room-204-tv', 'phone'][index % 6] ??
            null)
          : null,
      ssid: index % 4 === 0 ? 'guest' : 'office',
      signal_dbm: signal,
      snr_db: signal + 95,
      ccq_percent: legacy ? Math.round(60 + random() * 40) : null,
      tx_rate_bps: Math.round(random() * 12) * 72_000_000,
      rx_rate_bps: Math.round(random() * 12) * 65_000_000,
      uptime_s: Math.floor(random() * 90_000),
      last_seen_at: device.last_poll_at ?? new Date().toISOString(),
    };
  });
}
