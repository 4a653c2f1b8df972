import { iso, makeDevice, NOW_MS, spoil } from './fleet.ts';
import { createRandom } from './random.ts';
import { firstSnapshots } from './snapshots.ts';
import type { Device, MockTenant, Schema } from './types.ts';

const TENANTS = [
  {
    slug: 'alder-finch',
    name: 'Alder & Finch',
    colour: '#2f7f6b',
    sites: ['head-office', 'warehouse', 'shop-high-st', 'shop-quay'],
    mix: [1, 0, 0, 2],
    devices: 14,
  },
  {
    slug: 'blue-harbour',
    name: 'Blue Harbour Internet',
    colour: '#2b62c4',
    sites: ['tower-1', 'tower-2', 'tower-5', 'pier', 'ridge', 'core'],
    mix: [4, 4, 2, 3, 1],
    devices: 28,
  },
  {
    slug: 'cobalt-clinics',
    name: 'Cobalt Clinics',
    colour: '#7a4fc0',
    sites: ['main', 'north', 'riverside', 'lab'],
    mix: [1, 0, 0],
    devices: 11,
  },
  {
    slug: 'dune-hotels',
    name: 'Dune Hotels',
    colour: '#c9772b',
    sites: ['lobby', 'east-wing', 'west-wing', 'beach', 'spa'],
    mix: [0, 0, 3, 1],
    devices: 7,
  },
] as const;

function makeEvents(devices: Device[]): Schema<'Event'>[] {
  const random = createRandom(devices.length);
  const now = NOW_MS();
  const lines = [
    ['device.went_offline', 'critical', '{} went offline: timeout'],
    ['device.came_online', 'info', '{} is online again after 4 min'],
    ['interface.went_down', 'warning', 'ether3 on {} went down'],
    ['interface.came_up', 'info', 'ether3 on {} is up again'],
    ['device.rebooted', 'warning', '{} rebooted: it has been up for 40 s'],
    ['snapshot.changed', 'info', 'the configuration of {} changed: 3 lines added, 1 removed'],
    ['snapshot.failed', 'warning', 'the backup of {} failed: disk full'],
  ] as const;
  let at = now - 60_000;
  return Array.from({ length: 160 }, (_, index) => {
    const [kind, severity, message] = lines[Math.floor(random() * lines.length)] ?? lines[0];
    const device = devices[Math.floor(random() * Math.min(devices.length, 40))];
    at -= random() * 55 * 60_000;
    return {
      id: 10_000 - index,
      at: iso(at),
      kind,
      severity,
      device_id: device?.id ?? null,
      device_name: device?.name ?? null,
      message: message.replace('{}', device?.name ?? ''),
    };
  });
}

export function makeWorld(extraDevices: number): MockTenant[] {
  let nextId = 100;
  return TENANTS.map((plan, base) => {
    const count = base === 1 && extraDevices > 0 ? extraDevices : plan.devices;
    const devices = Array.from({ length: count }, (_, index) => {
      const site = plan.sites[index % plan.sites.length] ?? 'site';
      const device = makeDevice(nextId++, index, site, plan.mix, base);
      device.group_id = (index % plan.sites.length) + 1;
      device.group_name = site;
      return device;
    });
    spoil(devices);
    return {
      tenant: {
        id: base + 1,
        slug: plan.slug,
        name: plan.name,
        colour: plan.colour,
        state: 'active',
        management_networks: [`10.${20 + base}.0.0/16`],
        created_at: iso(NOW_MS() - 90 * 86_400_000),
      },
      devices: new Map(devices.map((device) => [device.id, device])),
      groups: plan.sites.map((name, index) => ({
        id: index + 1,
        name,
        devices: devices.filter((each) => each.group_name === name).length,
      })),
      events: makeEvents(devices),
      people: [
        {
          user_id: 2,
          email: 'rosa.lind@drover.example',
          name: 'Rosa Lind',
          role: 'admin',
          invited: false,
          last_sign_in_at: iso(NOW_MS() - 40 * 60_000),
          added_at: iso(NOW_MS() - 80 * 86_400_000),
        },
        {
          user_id: 3,
          email: 'omar.baptiste@drover.example',
          name: 'Omar Baptiste',
          role: 'operator',
          invited: false,
          last_sign_in_at: iso(NOW_MS() - 3 * 3_600_000),
          added_at: iso(NOW_MS() - 70 * 86_400_000),
        },
        {
          user_id: 4,
          email: 'vera.stein@client.example',
          name: 'Vera Stein',
          role: 'viewer',
          invited: true,
          last_sign_in_at: null,
          added_at: iso(NOW_MS() - 86_400_000),
        },
      ],
      audit: [],
      enrolments: new Map(),
      imports: new Map(),
      jobs: new Map(),
      snapshots: new Map(devices.slice(0, 60).map((device) => [device.id, firstSnapshots(device)])),
      wireless: plan.mix.some((each) => each !== 1 && each !== 2),
    };
  });
}
