import type { Device, MockTenant, Schema } from './types.ts';

const ORDER = [
  'offline',
  'certificate_changed',
  'needs_credentials',
  'stale',
  'unknown',
  'online',
  'disabled',
];

export function stateCounts(tenant: MockTenant): Schema<'StateCounts'> {
  const list = [...tenant.devices.values()];
  const of = (...states: Device['state'][]) => list.filter((each) => states.includes(each.state)).length;
  return {
    total: list.length,
    online: of('online'),
    offline: of('offline'),
    stale: of('stale'),
    unknown: of('unknown'),
    needs_attention: of('needs_credentials', 'certificate_changed'),
    disabled: of('disabled'),
  };
}

export function counts(tenant: MockTenant, open: boolean): Schema<'TenantCounts'> {
  const states = stateCounts(tenant);
  const worst = [...tenant.devices.values()].find((each) => each.state === 'offline');
  return {
    tenant_id: tenant.tenant.id,
    slug: tenant.tenant.slug,
    name: tenant.tenant.name,
    colour: tenant.tenant.colour,
    state: tenant.tenant.state,
    can_open: open,
    devices: states.total,
    online: states.online,
    offline: states.offline,
    stale: states.stale,
    unknown: states.unknown,
    disabled: states.disabled,
    last_event_at: tenant.events[0]?.at ?? null,
    worst: open && worst ? `${worst.name} is offline: ${worst.state_reason ?? ''}` : null,
  };
}

export function dashboard(tenant: MockTenant): Schema<'Dashboard'> {
  const list = [...tenant.devices.values()];
  const sum = (pick: (device: Device) => number | null) => {
    const known = list.map(pick).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  const bad = list.filter(
    (each) =>
      ['offline', 'certificate_changed', 'needs_credentials', 'stale'].includes(each.state) ||
      (each.disk_percent ?? 0) > 95,
  );
  const clients = sum((each) => each.clients);
  return {
    as_of: new Date().toISOString(),
    states: stateCounts(tenant),
    rx_bps: sum((each) => each.rx_bps),
    tx_bps: sum((each) => each.tx_bps),
    wireless_clients: clients,
    wireless_weak: clients === null ? null : Math.round(clients * 0.06),
    busiest: [...list]
      .filter((each) => each.rx_bps !== null)
      .sort((a, b) => (b.rx_bps ?? 0) - (a.rx_bps ?? 0))
      .slice(0, 6)
      .map((each) => ({
        device_id: each.id,
        name: each.name,
        value: (each.rx_bps ?? 0) + (each.tx_bps ?? 0),
      }))
      .sort((a, b) => b.value - a.value),
    attention: bad
      .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
      .slice(0, 12)
      .map((each) => ({
        device_id: each.id,
        device_name: each.name,
        severity: ['offline', 'certificate_changed'].includes(each.state) ? 'critical' : 'warning',
        reason:
          (each.disk_percent ?? 0) > 95
            ? 'Disk 99 % full; the last backup failed'
            : (each.state_reason ?? ''),
        since: each.state_since,
      })),
    events: tenant.events.slice(0, 12),
    last_snapshot_at: list[0]?.last_snapshot_at ?? null,
    snapshots_failed: list.filter((each) => each.snapshot_state === 'failed').length,
  };
}

type Key = keyof Schema<'DeviceRow'>;

export function listDevices(tenant: MockTenant, query: URLSearchParams): Schema<'DevicePage'> {
  const q = query.get('q')?.toLowerCase();
  const found = [...tenant.devices.values()].filter(
    (each) =>
      (!q ||
        [each.name, each.address, each.model, each.serial, each.version, ...each.tags].some((text) =>
          text?.toLowerCase().includes(q),
        )) &&
      (!query.get('state') || each.state === query.get('state')) &&
      (!query.get('group_id') || each.group_id === Number(query.get('group_id'))) &&
      (!query.get('tag') || each.tags.includes(query.get('tag') ?? '')),
  );
  const sort = (query.get('sort') ?? 'name') as Key;
  const sign = query.get('order') === 'desc' ? -1 : 1;
  const value = (device: Device) => (sort === 'state' ? ORDER.indexOf(device.state) : device[sort]);
  found.sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === right) return a.id - b.id;
    if (left === null) return 1;
    if (right === null) return -1;
    return (left < right ? -1 : 1) * sign;
  });
  const offset = Number(query.get('offset') ?? 0);
  return {
    devices: found.slice(offset, offset + Number(query.get('limit') ?? 200)),
    total: found.length,
    offset,
  };
}
