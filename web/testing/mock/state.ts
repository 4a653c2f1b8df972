import type { ServerResponse } from 'node:http';
import { Sessions } from './session.ts';
import type { MockTenant, Schema } from './types.ts';
import { makeWorld } from './world.ts';
import { hex } from './random.ts';

export interface ServerState {
  world: MockTenant[];
  sessions: Sessions;
  platformJobs: Map<number, Schema<'Job'>>;
  streams: Map<number, Set<ServerResponse>>;
  announce: (tenantId: number, hint: { kind: string; device_id?: number; ref?: string }) => void;
}

export function createServerState(extraDevices: number): ServerState {
  const streams = new Map<number, Set<ServerResponse>>();
  const state: ServerState = {
    world: makeWorld(extraDevices),
    sessions: new Sessions(),
    platformJobs: new Map(),
    streams,
    announce: (tenantId, hint) => {
      const line = `data: ${JSON.stringify({ device_id: null, ref: null, ...hint, at: new Date().toISOString() })}\n\n`;
      for (const response of streams.get(tenantId) ?? []) response.write(line);
    },
  };
  for (const tenant of state.world) seedAudit(tenant);
  setInterval(() => tick(state), 1000).unref();
  return state;
}

/** Polls a sixtieth of the online devices each second. */
function tick(state: ServerState): void {
  for (const { tenant, devices } of state.world) {
    const online = [...devices.values()].filter((each) => each.state === 'online');
    const turn = Math.floor(Date.now() / 1000) % 60;
    for (const device of online.filter((each) => each.id % 60 === turn)) {
      const drift = (value: number | null, by: number, top: number) =>
        value === null ? null : Math.min(top, Math.max(0, value + (Math.random() - 0.5) * by));
      device.last_poll_at = new Date().toISOString();
      device.cpu_percent = drift(device.cpu_percent, 8, 100);
      device.rx_bps = drift(device.rx_bps, (device.rx_bps ?? 0) * 0.3, 10e9);
      device.tx_bps = drift(device.tx_bps, (device.tx_bps ?? 0) * 0.3, 10e9);
      device.uptime_s = (device.uptime_s ?? 0) + 60;
      state.announce(tenant.id, { kind: 'device.polled', device_id: device.id });
    }
  }
}

export function openLive(state: ServerState, tenantId: number, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(': hello\n\n');
  const streams = state.streams.get(tenantId) ?? new Set();
  state.streams.set(tenantId, streams.add(response));
  const heartbeat = setInterval(() => response.write(': heartbeat\n\n'), 15_000);
  response.on('close', () => {
    clearInterval(heartbeat);
    streams.delete(response);
  });
}

function seedAudit(tenant: MockTenant): void {
  const actions = [
    ['device.change', 'device', 'success', { changed: ['tags'], tags: ['wireless', 'critical'] }],
    ['session.sign_in', 'user', 'success', {}],
    ['snapshot.take', 'device', 'success', { trigger: 'manual' }],
    ['enrolment.confirm', 'device', 'success', { api_port: 8729 }],
    ['device.delete', 'device', 'refused', { reason: 'permission devices.delete is missing' }],
    ['credential.read', 'device', 'success', { devices: 12, why: 'poll' }],
    ['person.add', 'user', 'success', { role: 'viewer' }],
    ['snapshot.take', 'device', 'failure', { error: 'disk full' }],
  ] as const;
  const devices = [...tenant.devices.values()].slice(0, 30);
  for (let seq = 1; seq <= 240; seq += 1) {
    const [action, kind, outcome, details] = actions[(seq * 7) % actions.length] ?? actions[0];
    const service = action === 'credential.read';
    const person = tenant.people[(seq * 5) % 2];
    const device = devices[(seq * 13) % devices.length];
    tenant.audit.push({
      seq,
      at: new Date(Date.now() - (241 - seq) * 27 * 60_000).toISOString(),
      actor_kind: service ? 'service' : 'user',
      via: service ? 'drover_worker' : 'drover_api',
      actor_id: service ? null : (person?.user_id ?? null),
      actor_name: service ? 'poller' : (person?.name ?? 'Rosa Lind'),
      role: service ? null : (person?.role ?? 'admin'),
      source_address: service ? null : '203.0.113.24',
      action,
      target_kind: kind,
      target_id: kind === 'device' ? String(device?.id) : '4',
      target_name: kind === 'device' ? (device?.name ?? null) : 'Vera Stein',
      outcome,
      details,
      request_id: service ? null : `req-${hex(seq, 8)}`,
      hash: hex(seq * 31 + tenant.tenant.id, 64),
    });
  }
}
