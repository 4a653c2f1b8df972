import { listDevices } from './queries.ts';
import { D, job, missing, none, ok, range, runJob, T, type Route } from './routing.ts';
import { deviceSamples, interfaceSamples, interfacesOf, wirelessOf, wirelessSamples } from './series.ts';
import { count, diff, toHunks } from './snapshots.ts';
import type { Schema } from './types.ts';

export const deviceRoutes: Route[] = [
  ['GET', `${T}/devices`, ({ tenant, request }) => ok(listDevices(tenant, request.query))],
  ['GET', D, ({ device }) => ok(device)],
  [
    'PATCH',
    D,
    ({ tenant, device, request, state }) => {
      const { clear_group: clear, disabled, ...change } = request.body as Schema<'DeviceChange'>;
      Object.assign(device, Object.fromEntries(Object.entries(change).filter(([, value]) => value != null)));
      if (clear) Object.assign(device, { group_id: null, group_name: null });
      if (change.group_id != null)
        device.group_name = tenant.groups.find((each) => each.id === change.group_id)?.name ?? null;
      if (disabled != null)
        Object.assign(device, {
          state: disabled ? 'disabled' : 'unknown',
          state_since: new Date().toISOString(),
          state_reason: disabled ? 'disabled by you' : 'first poll under way',
        });
      state.announce(tenant.tenant.id, { kind: 'device.changed', device_id: device.id });
      return ok(device);
    },
  ],
  ['DELETE', D, ({ tenant, device }) => (tenant.devices.delete(device.id), none)],
  ['GET', `${D}/samples`, ({ device, request }) => ok(deviceSamples(device, range(request)))],
  [
    'GET',
    `${D}/events`,
    ({ tenant, device }) => ok(tenant.events.filter((each) => each.device_id === device.id)),
  ],
  ['GET', `${D}/interfaces`, ({ device }) => ok(interfacesOf(device))],
  [
    'GET',
    `${D}/interfaces/(\\d+)/samples`,
    ({ ids, request }) => ok(interfaceSamples(Number(ids[2]), range(request))),
  ],
  ['GET', `${D}/wireless`, ({ device }) => ok(wirelessOf(device))],
  ['GET', `${D}/wireless/samples`, ({ device, request }) => ok(wirelessSamples(device, range(request)))],
  [
    'GET',
    `${D}/snapshots`,
    ({ tenant, device }) => {
      const list = [...(tenant.snapshots.get(device.id) ?? [])].reverse();
      return ok({ snapshots: list.map(({ text: _text, ...rest }) => rest), total: list.length });
    },
  ],
  [
    'POST',
    `${D}/snapshots`,
    ({ state, tenant, device }) => {
      const work = job('snapshot', 1);
      tenant.jobs.set(work.id, work);
      runJob(
        work,
        ['reading the configuration'],
        () => {
          device.last_snapshot_at = new Date().toISOString();
          work.result = { changed: false };
          state.announce(tenant.tenant.id, { kind: 'snapshot.taken', device_id: device.id });
          state.announce(tenant.tenant.id, { kind: 'job.changed', ref: String(work.id) });
        },
        1600,
      );
      return ok(work, 202);
    },
  ],
  [
    'GET',
    `${D}/snapshots/diff`,
    ({ tenant, device, request }) => {
      const find = (name: string) =>
        tenant.snapshots.get(device.id)?.find((each) => each.id === Number(request.query.get(name)));
      const [from, to] = [find('from_id'), find('to_id')];
      if (!from || !to) throw missing('snapshot');
      const lines = diff(from.text, to.text);
      return ok({ from_id: from.id, to_id: to.id, ...count(lines), hunks: toHunks(lines) });
    },
  ],
  [
    'GET',
    `${D}/snapshots/(\\d+)`,
    ({ tenant, device, ids }) => {
      const found = tenant.snapshots.get(device.id)?.find((each) => each.id === Number(ids[2]));
      if (!found) throw missing('snapshot');
      return ok(found);
    },
  ],
  ['GET', `${T}/groups`, ({ tenant }) => ok(tenant.groups)],
  [
    'POST',
    `${T}/groups`,
    ({ tenant, request }) => {
      const group = {
        id: tenant.groups.length + 1,
        name: (request.body as Schema<'GroupWrite'>).name,
        devices: 0,
      };
      tenant.groups.push(group);
      return ok(group, 201);
    },
  ],
  [
    'PATCH',
    `${T}/groups/(\\d+)`,
    ({ tenant, ids, request }) =>
      ok(Object.assign(tenant.groups.find((each) => each.id === Number(ids[1])) ?? {}, request.body)),
  ],
  [
    'DELETE',
    `${T}/groups/(\\d+)`,
    ({ tenant, ids }) => ((tenant.groups = tenant.groups.filter((each) => each.id !== Number(ids[1]))), none),
  ],
  [
    'GET',
    `${T}/tags`,
    ({ tenant }) => {
      const tags = new Map<string, number>();
      for (const device of tenant.devices.values())
        for (const tag of device.tags) tags.set(tag, (tags.get(tag) ?? 0) + 1);
      return ok([...tags].map(([name, devices]) => ({ name, devices })));
    },
  ],
];
