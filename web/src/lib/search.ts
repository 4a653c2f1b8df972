import { DEVICE_STATES, type DeviceState } from './deviceState';

/** View state that lives in the URL. A value that makes no sense is dropped, never an error page. */
type Raw = Record<string, unknown>;

export const RANGES = ['1h', '6h', '24h', '7d', '30d'] as const;
export type Range = (typeof RANGES)[number];

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;

const whole = (value: unknown): number | undefined => {
  const number = typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
};

function oneOf<const T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find((each) => each === value);
}

export interface SignInSearch {
  next?: string | undefined;
  expired?: boolean | undefined;
}

export function signIn(raw: Raw): SignInSearch {
  const next = text(raw['next']);
  return {
    // Only a path of ours: "//elsewhere" would lead to another host.
    next: next?.startsWith('/') === true && !/^\/[/\\]/.test(next) ? next : undefined,
    expired: raw['expired'] === true ? true : undefined,
  };
}

export interface RangeSearch {
  range?: Range | undefined;
}

export function range(raw: Raw): RangeSearch {
  return { range: oneOf(RANGES, raw['range']) };
}

export const DEVICE_SORTS = [
  'name',
  'address',
  'model',
  'version',
  'state',
  'cpu_percent',
  'memory_percent',
  'uptime_s',
  'clients',
  'rx_bps',
  'tx_bps',
  'last_snapshot_at',
] as const;
export type DeviceSort = (typeof DEVICE_SORTS)[number];

export interface DevicesSearch {
  q?: string | undefined;
  state?: DeviceState | undefined;
  group?: number | undefined;
  tag?: string | undefined;
  sort?: DeviceSort | undefined;
  order?: 'asc' | 'desc' | undefined;
  add?: boolean | undefined;
  /** The enrolment under way in the dialog, so that a reload does not lose it. */
  enrolment?: string | undefined;
}

export function devices(raw: Raw): DevicesSearch {
  return {
    q: text(raw['q']),
    state: oneOf(DEVICE_STATES, raw['state']),
    group: whole(raw['group']),
    tag: text(raw['tag']),
    sort: oneOf(DEVICE_SORTS, raw['sort']),
    order: oneOf(['asc', 'desc'], raw['order']),
    add: raw['add'] === true ? true : undefined,
    enrolment: text(raw['enrolment']),
  };
}

export interface ImportSearch {
  id?: string | undefined;
}

export function deviceImport(raw: Raw): ImportSearch {
  return { id: text(raw['id']) };
}

export interface InterfacesSearch extends RangeSearch {
  interface?: number | undefined;
}

export function interfaces(raw: Raw): InterfacesSearch {
  return { ...range(raw), interface: whole(raw['interface']) };
}

export const CONFIGURATION_VIEWS = ['unified', 'split', 'text'] as const;
export type ConfigurationView = (typeof CONFIGURATION_VIEWS)[number];

export interface ConfigurationSearch {
  /** The version that is looked at: the newest one unless said. */
  to?: number | undefined;
  /** What it is compared with: the version before it unless said. */
  from?: number | undefined;
  view?: ConfigurationView | undefined;
}

export function configuration(raw: Raw): ConfigurationSearch {
  return { from: whole(raw['from']), to: whole(raw['to']), view: oneOf(CONFIGURATION_VIEWS, raw['view']) };
}

export interface AuditSearch {
  q?: string | undefined;
  action?: string | undefined;
  actor?: string | undefined;
  outcome?: string | undefined;
  kind?: string | undefined;
  entry?: number | undefined;
}

export function audit(raw: Raw): AuditSearch {
  return {
    q: text(raw['q']),
    action: text(raw['action']),
    actor: text(raw['actor']),
    outcome: text(raw['outcome']),
    kind: text(raw['kind']),
    entry: whole(raw['entry']),
  };
}
