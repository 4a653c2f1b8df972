import { hash, hex } from './random.ts';
import type { Device, MockTenant, Schema } from './types.ts';

type Enrolment = Schema<'Enrolment'>;
export type Announce = (hint: { kind: string; device_id?: number; ref?: string }) => void;

const FAILURES: Record<string, [code: string, message: string]> = {
  closed: [
    'device.port_closed',
    'Nothing listens on port 8729 there. On the router: /ip service enable api-ssl.',
  ],
  timeout: [
    'device.timeout',
    'The router did not answer within 8 s. Check the address and that its firewall lets Drover in.',
  ],
  plain: ['device.not_routeros', 'What answers there does not speak the RouterOS API.'],
  password: ['device.wrong_credentials', 'The router refused this user name and password.'],
  twice: ['device.duplicate_serial', 'A device with this serial is in Drover already: tower-2-core-01.'],
};

/** Addresses name their own fate: "closed.example" is a closed port. */
function fateOf(address: string): [string, string] | null {
  return FAILURES[address.split('.')[0] ?? ''] ?? null;
}

export function startEnrolment(
  tenant: MockTenant,
  body: Schema<'EnrolmentStart'>,
  announce: Announce,
  kind: 'add' | 'change' = 'add',
): Enrolment {
  const seed = hash(body.address);
  const enrolment: Enrolment = {
    id: hex(seed ^ (Date.now() & 0xffff), 20),
    kind,
    state: 'connecting',
    address: body.address,
    api_port: body.api_port ?? 8729,
    ssh_port: body.ssh_port ?? 22,
    username: body.username,
    name: body.name ?? null,
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
    expires_at: new Date(Date.now() + 600_000).toISOString(),
  };
  tenant.enrolments.set(enrolment.id, enrolment);
  const fate = fateOf(body.address);
  setTimeout(() => {
    if (fate && !['device.wrong_credentials', 'device.duplicate_serial'].includes(fate[0])) {
      Object.assign(enrolment, { state: 'failed', error_code: fate[0], error_message: fate[1] });
    } else {
      Object.assign(enrolment, {
        state: 'awaiting_confirmation',
        spki_sha256: hex(seed, 64),
        certificate_subject: 'CN=drover-api',
        ssh_host_key_sha256: body.address.startsWith('nossh')
          ? null
          : `SHA256:${Buffer.from(hex(seed ^ 9, 64), 'hex')
              .toString('base64')
              .replace(/=+$/, '')}`,
        ssh_error: body.address.startsWith('nossh') ? 'port 22 is closed' : null,
      });
    }
    announce({ kind: 'enrolment.changed', ref: enrolment.id });
  }, 1100);
  return enrolment;
}

export function confirmEnrolment(
  tenant: MockTenant,
  enrolment: Enrolment,
  announce: Announce,
  deviceId: number | null = null,
): void {
  enrolment.state = 'verifying';
  const fate = fateOf(enrolment.address);
  setTimeout(() => {
    if (fate) Object.assign(enrolment, { state: 'failed', error_code: fate[0], error_message: fate[1] });
    else {
      const template = [...tenant.devices.values()][0];
      const id = deviceId ?? Math.max(...tenant.devices.keys()) + 1;
      if (template && deviceId === null) {
        const fresh: Device = {
          ...template,
          id,
          name: enrolment.name ?? 'new-router',
          address: enrolment.address,
          state: 'unknown',
          state_reason: 'first poll under way',
          state_since: new Date().toISOString(),
          last_poll_at: null,
          last_snapshot_at: null,
          snapshot_state: 'never',
          cpu_percent: null,
          memory_percent: null,
          created_at: new Date().toISOString(),
        };
        tenant.devices.set(id, fresh);
        setTimeout(() => {
          Object.assign(fresh, {
            ...template,
            id,
            name: fresh.name,
            address: fresh.address,
            state_since: new Date().toISOString(),
            last_poll_at: new Date().toISOString(),
            last_snapshot_at: new Date().toISOString(),
          });
          announce({ kind: 'device.changed', device_id: id });
          announce({ kind: 'snapshot.taken', device_id: id });
        }, 3000);
      }
      Object.assign(enrolment, {
        state: 'done',
        device_id: id,
        identity: enrolment.name ?? 'new-router',
        model: template?.model ?? null,
        serial: template?.serial ?? null,
        version: template?.version ?? null,
      });
    }
    announce({ kind: 'enrolment.changed', ref: enrolment.id });
  }, 1400);
}

/** A small CSV reader, good for what people paste; the real one is the server's. */
export function createImport(csv: string): Schema<'Import'> {
  const [head = '', ...lines] = csv.trim().split(/\r?\n/);
  const columns = head.split(',').map((each) => each.trim());
  return {
    id: hex(hash(csv) ^ Date.now(), 20),
    state: 'preview',
    expires_at: new Date(Date.now() + 600_000).toISOString(),
    rows: lines.map((line, index) => {
      const cells = line.split(',');
      const cell = (name: string) => cells[columns.indexOf(name)]?.trim() ?? '';
      const missing = ['address', 'username', 'password'].filter((name) => cell(name) === '');
      return {
        line: index + 2,
        address: cell('address'),
        name: cell('name') || null,
        state: missing.length > 0 ? ('invalid' as const) : ('ready' as const),
        enrolment_id: null,
        spki_sha256: cell('spki_sha256') || null,
        ssh_host_key_sha256: null,
        device_id: null,
        error_code: missing.length > 0 ? 'import.missing' : null,
        error_message: missing.length > 0 ? `${missing.join(' and ')} is missing` : null,
      };
    }),
  };
}
