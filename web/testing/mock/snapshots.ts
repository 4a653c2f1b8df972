import { hash, hex } from './random.ts';
import type { Device, Schema, Snapshot } from './types.ts';

const FILTER = [
  'add action=accept chain=input comment="defconf: accept established,related,untracked" connection-state=established,related,untracked',
  'add action=drop chain=input comment="defconf: drop invalid" connection-state=invalid',
  'add action=accept chain=input comment="defconf: accept ICMP" protocol=icmp',
  'add action=accept chain=input comment="management" in-interface-list=MGMT',
  'add action=drop chain=input comment="defconf: drop all not coming from LAN" in-interface-list=!LAN',
  'add action=fasttrack-connection chain=forward comment="defconf: fasttrack" connection-state=established,related hw-offload=yes',
];

function configuration(device: Device, step: number): string {
  const secret = (name: string, at = 0) => `<secret:${hex(hash(`${device.id}${name}${at}`), 12)}>`;
  const leases = Array.from(
    { length: 40 + step * 2 },
    (_, n) =>
      `add address=10.44.0.${n + 10} comment="desk ${n + 1}" mac-address=48:A9:8A:${hex(n + 1, 2).toUpperCase()}:${hex(n + 9, 2).toUpperCase()}:${hex(n + 77, 2).toUpperCase()} server=dhcp-lan`,
  );
  return [
    '/interface bridge',
    'add admin-mac=48:A9:8A:10:20:30 auto-mac=no comment=defconf name=bridge vlan-filtering=yes',
    '/interface wifi security',
    `add authentication-types=wpa2-psk,wpa3-psk name=staff passphrase=${secret('wifi', step > 2 ? 1 : 0)}`,
    `add authentication-types=wpa2-psk name=guest passphrase=${secret('guest')}`,
    '/interface wifi',
    'set [ find default-name=wifi1 ] channel.band=5ghz-ax .skip-dfs-channels=10min-cac configuration.country=Portugal .ssid=office disabled=no security=staff',
    ...(step > 0
      ? [
          'set [ find default-name=wifi2 ] channel.band=2ghz-ax configuration.country=Portugal .ssid=office disabled=no security=staff',
        ]
      : [
          'set [ find default-name=wifi2 ] channel.band=2ghz-n configuration.country=Portugal .ssid=office disabled=yes security=staff',
        ]),
    '/ip pool',
    'add name=lan ranges=10.44.0.10-10.44.0.250',
    '/ip dhcp-server lease',
    ...leases,
    '/ip firewall filter',
    ...FILTER.slice(0, step > 1 ? 6 : 5),
    ...(step > 3
      ? ['add action=accept chain=input comment="monitoring" dst-port=161 protocol=udp src-address=10.9.0.4']
      : []),
    '/ip firewall nat',
    'add action=masquerade chain=srcnat comment="defconf: masquerade" ipsec-policy=out,none out-interface-list=WAN',
    '/ip service',
    'set telnet disabled=yes',
    'set ftp disabled=yes',
    `set www disabled=${step > 1 ? 'yes' : 'no'}`,
    'set api disabled=yes',
    'set api-ssl certificate=drover tls-version=only-1.2',
    '/ppp secret',
    `add name=branch-2 password=${secret('ppp')} profile=default-encryption service=l2tp`,
    '/system identity',
    `set name=${device.name}`,
    '/system ntp client servers',
    'add address=10.9.0.1',
    '/snmp',
    `set contact=noc enabled=${step > 3 ? 'yes' : 'no'} trap-version=2`,
    '',
  ].join('\n');
}

export function firstSnapshots(device: Device): Snapshot[] {
  const now = Date.now();
  const ages = [40 * 86_400, 22 * 86_400, 9 * 86_400, 3 * 86_400 + 7_000, 5 * 3600 + 800];
  const list: Snapshot[] = [];
  ages.forEach((age, step) => {
    const text = configuration(device, step);
    const before = list.at(-1);
    const change = before ? count(diff(before.text, text)) : null;
    list.push({
      id: device.id * 100 + step,
      taken_at: new Date(now - age * 1000).toISOString(),
      last_seen_at: new Date(now - (ages[step + 1] ?? 900) * 1000).toISOString(),
      trigger: step === 0 ? 'enrolment' : step === 3 ? 'manual' : 'schedule',
      version: device.version,
      size_bytes: text.length,
      lines_added: change?.added ?? null,
      lines_removed: change?.removed ?? null,
      text,
    });
  });
  return list;
}

type Line = Schema<'DiffLine'> & { heading: string | null };

/** Longest common subsequence by lines; small texts only, it is a mock. */
export function diff(before: string, after: string): Line[] {
  const a = before.split('\n');
  const b = after.split('\n');
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number) => table[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = table[i];
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  let heading: string | null = null;
  const push = (kind: Line['kind'], text: string, old: number | null, fresh: number | null) => {
    if (text.startsWith('/')) heading = text;
    lines.push({ kind, text, old_line: old, new_line: fresh, heading });
  };
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) push('context', left, ++i, ++j);
    else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1)))
      push('removed', left, ++i, null);
    else push('added', right ?? '', null, ++j);
  }
  return lines;
}

export function count(lines: Line[]): { added: number; removed: number } {
  return {
    added: lines.filter((each) => each.kind === 'added').length,
    removed: lines.filter((each) => each.kind === 'removed').length,
  };
}

export function toHunks(lines: Line[]): Schema<'DiffHunk'>[] {
  const hunks: Schema<'DiffHunk'>[] = [];
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - 3), at + 4).some((each) => each.kind !== 'context'),
  );
  lines.forEach(({ heading, ...line }, at) => {
    if (!near[at]) return;
    if (at === 0 || !near[at - 1]) hunks.push({ heading, lines: [] });
    hunks.at(-1)?.lines.push(line);
  });
  return hunks;
}
