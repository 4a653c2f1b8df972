import type { Schema } from '@/api/client';

const VIEWER = ['devices.read', 'backups.read', 'jobs.read'];
const OPERATOR = [
  ...VIEWER,
  'devices.write',
  'devices.organise',
  'backups.take',
  'people.read',
  'audit.read',
];
const ADMIN = [...OPERATOR, 'devices.delete', 'people.manage'];
const PERMISSIONS = { viewer: VIEWER, operator: OPERATOR, admin: ADMIN, super_admin: ADMIN };

export const NOW = '2026-11-24T14:00:00Z';

export function tenantOf(
  role: Schema<'SessionTenant'>['role'] = 'admin',
  change: Partial<Schema<'SessionTenant'>> = {},
): Schema<'SessionTenant'> {
  return {
    tenant_id: 2,
    slug: 'blue-harbour',
    name: 'Blue Harbour',
    colour: '#2b62c4',
    role,
    permissions: PERMISSIONS[role],
    entered_until: null,
    ...change,
  };
}

export function sessionOf(change: Partial<Schema<'SessionInfo'>> = {}): Schema<'SessionInfo'> {
  return {
    user: { id: 7, email: 'rosa@drover.example', name: 'Rosa Lind', is_super_admin: false },
    csrf_token: 'token-of-the-test',
    tenants: [tenantOf()],
    platform_permissions: [],
    expires_at: '2026-11-24T22:00:00Z',
    ...change,
  };
}

export function countsOf(change: Partial<Schema<'TenantCounts'>> = {}): Schema<'TenantCounts'> {
  return {
    tenant_id: 2,
    slug: 'blue-harbour',
    name: 'Blue Harbour',
    colour: '#2b62c4',
    state: 'active',
    can_open: true,
    devices: 10,
    online: 10,
    offline: 0,
    stale: 0,
    unknown: 0,
    disabled: 0,
    last_event_at: NOW,
    worst: null,
    ...change,
  };
}

export function rowOf(change: Partial<Schema<'DeviceRow'>> = {}): Schema<'DeviceRow'> {
  return {
    id: 11,
    name: 'tower-1-ap-01',
    address: '10.21.0.11',
    api_port: 8729,
    model: 'hAP ax³',
    serial: 'HF0123',
    version: '7.20.4',
    group_id: 1,
    group_name: 'tower-1',
    tags: ['wireless'],
    state: 'online',
    state_reason: null,
    state_since: '2026-11-01T10:00:00Z',
    last_poll_at: NOW,
    cpu_percent: 12,
    memory_percent: 40,
    disk_percent: 20,
    temperature_c: null,
    uptime_s: 86_400,
    clients: null,
    rx_bps: 12_300_000,
    tx_bps: null,
    last_snapshot_at: NOW,
    ...change,
  };
}

export function deviceOf(change: Partial<Schema<'Device'>> = {}): Schema<'Device'> {
  return {
    ...rowOf(),
    ssh_port: 22,
    username: 'drover',
    spki_sha256: 'ab'.repeat(32),
    ssh_host_key_sha256: 'SHA256:abc',
    architecture: 'arm64',
    board_name: 'C53UiG',
    firmware: '7.20.4',
    notes: '',
    poll_interval_s: 60,
    snapshot_interval_s: 21_600,
    snapshot_state: 'ok',
    snapshot_error: null,
    capabilities: {},
    memory_total_bytes: null,
    disk_total_bytes: null,
    created_at: NOW,
    ...change,
  };
}

export function enrolmentOf(change: Partial<Schema<'Enrolment'>> = {}): Schema<'Enrolment'> {
  return {
    id: 'e1',
    kind: 'add',
    state: 'connecting',
    address: '10.21.0.99',
    api_port: 8729,
    ssh_port: 22,
    username: 'drover',
    name: null,
    spki_sha256: null,
    certificate_subject: null,
    ssh_host_key_sha256: null,
    ssh_error: null,
    identity: null,
    model: null,
    serial: null,
    version: null,
    device_id: null,
    error_code: null,
    error_message: null,
    expires_at: '2099-01-01T00:00:00Z',
    ...change,
  };
}

export function snapshotOf(change: Partial<Schema<'Snapshot'>> = {}): Schema<'Snapshot'> {
  return {
    id: 101,
    taken_at: '2026-11-20T08:00:00Z',
    last_seen_at: NOW,
    trigger: 'schedule',
    version: '7.20.4',
    size_bytes: 4000,
    lines_added: null,
    lines_removed: null,
    ...change,
  };
}
