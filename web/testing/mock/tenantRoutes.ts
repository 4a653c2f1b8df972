import { counts, dashboard } from './queries.ts';
import { job, none, ok, range, runJob, T, type Route } from './routing.ts';
import { tenantTraffic } from './series.ts';
import { Refusal, type MockTenant, type Schema } from './types.ts';

export const tenantRoutes: Route[] = [
  [
    'GET',
    '/api/overview',
    ({ state, request }) => {
      const may = new Set(
        state.sessions.info(request.email ?? '', state.world).tenants.map((each) => each.tenant_id),
      );
      const root = request.email === 'root@drover.example';
      return ok({
        tenants: state.world
          .filter((each) => root || may.has(each.tenant.id))
          .map((each) => counts(each, may.has(each.tenant.id))),
      });
    },
  ],
  ['GET', '/api/platform/tenants', ({ state }) => ok(state.world.map((each) => each.tenant))],
  [
    'POST',
    '/api/platform/tenants',
    ({ state, request }) => {
      const body = request.body as Schema<'TenantCreate'>;
      if (state.world.some((each) => each.tenant.slug === body.slug))
        throw new Refusal({
          status: 409,
          code: 'tenant.slug_taken',
          message: 'Another client has this address name. Choose another.',
          fields: { slug: 'taken' },
        });
      const work = job('tenant.create', 4);
      state.platformJobs.set(work.id, work);
      const id = state.world.length + 1;
      const tenant: MockTenant['tenant'] = {
        id,
        slug: body.slug,
        name: body.name,
        colour: '#b23b5e',
        state: 'creating',
        management_networks: body.management_networks,
        created_at: new Date().toISOString(),
      };
      state.world.push({
        tenant,
        devices: new Map(),
        groups: [],
        events: [],
        people: [],
        audit: [],
        enrolments: new Map(),
        imports: new Map(),
        jobs: new Map(),
        snapshots: new Map(),
        wireless: false,
      });
      runJob(
        work,
        ['making keys', 'making partitions', 'starting the audit chain', 'default alert rules'],
        () => (tenant.state = 'active'),
      );
      return ok(
        {
          tenant_id: id,
          job_id: work.id,
          invitation_url: body.first_admin ? `http://localhost:8480/link/${'k3Jx9'.repeat(7)}` : null,
        },
        202,
      );
    },
  ],
  ['GET', '/api/platform/jobs/(\\d+)', ({ state, ids }) => ok(state.platformJobs.get(Number(ids[0])))],
  [
    'GET',
    '/api/platform/audit',
    ({ state }) =>
      ok({ entries: [...(state.world[0]?.audit ?? [])].reverse().slice(0, 60), next_before: null }),
  ],
  [
    'PATCH',
    '/api/platform/tenants/(\\d+)',
    ({ tenant, request }) => ok(Object.assign(tenant.tenant, request.body)),
  ],
  [
    'POST',
    '/api/platform/tenants/(\\d+)/entries',
    ({ state, tenant, request }) => {
      state.sessions.enter(tenant.tenant.id, (request.body as Schema<'TenantEnter'>).minutes ?? 60);
      return ok(state.sessions.info(request.email ?? '', state.world));
    },
  ],
  [
    'DELETE',
    '/api/platform/tenants/(\\d+)/entries',
    ({ state, tenant }) => (state.sessions.leave(tenant.tenant.id), none),
  ],
  ['GET', `${T}/dashboard`, ({ tenant }) => ok(dashboard(tenant))],
  [
    'GET',
    `${T}/traffic`,
    ({ tenant, request }) => ok(tenantTraffic(tenant.tenant.slug, range(request), tenant.devices.size)),
  ],
  [
    'GET',
    `${T}/events`,
    ({ tenant, request }) => {
      const before = Number(request.query.get('before') ?? Infinity);
      return ok(
        tenant.events.filter((each) => each.id < before).slice(0, Number(request.query.get('limit') ?? 50)),
      );
    },
  ],
  ['GET', `${T}/people`, ({ tenant }) => ok(tenant.people)],
  [
    'POST',
    `${T}/people`,
    ({ tenant, request }) => {
      const body = request.body as Schema<'PersonAdd'>;
      const person = {
        ...body,
        user_id: 50 + tenant.people.length,
        invited: true,
        last_sign_in_at: null,
        added_at: new Date().toISOString(),
      };
      tenant.people.push(person);
      return ok({ person, invitation_url: `http://localhost:8480/link/${'q8Zt2'.repeat(7)}` }, 201);
    },
  ],
  [
    'PATCH',
    `${T}/people/(\\d+)`,
    ({ tenant, ids, request }) =>
      ok(Object.assign(tenant.people.find((each) => each.user_id === Number(ids[1])) ?? {}, request.body)),
  ],
  [
    'DELETE',
    `${T}/people/(\\d+)`,
    ({ tenant, ids }) => (
      (tenant.people = tenant.people.filter((each) => each.user_id !== Number(ids[1]))),
      none
    ),
  ],
  [
    'GET',
    `${T}/audit`,
    ({ tenant, request }) => {
      const q = request.query;
      const before = Number(q.get('before') ?? Infinity);
      const has = (text: string | null, part: string) =>
        (text ?? '').toLowerCase().includes(part.toLowerCase());
      const found = [...tenant.audit]
        .reverse()
        .filter(
          (each) =>
            each.seq < before &&
            (!q.get('q') ||
              [each.action, each.actor_name, each.target_name, JSON.stringify(each.details)].some((text) =>
                has(text, q.get('q') ?? ''),
              )) &&
            (!q.get('outcome') || each.outcome === q.get('outcome')) &&
            (!q.get('action') || each.action === q.get('action')) &&
            (!q.get('actor') || has(each.actor_name, q.get('actor') ?? '')) &&
            (!q.get('target_kind') || each.target_kind === q.get('target_kind')) &&
            (!q.get('target_id') || each.target_id === q.get('target_id')),
        );
      const entries = found.slice(0, Number(q.get('limit') ?? 100));
      return ok({
        entries,
        next_before: found.length > entries.length ? (entries.at(-1)?.seq ?? null) : null,
      });
    },
  ],
  [
    'GET',
    `${T}/audit/verification`,
    ({ tenant }) =>
      ok({
        ok: true,
        entries: tenant.audit.length,
        verified_to_seq: tenant.audit.length,
        checkpoint_seq: tenant.audit.length - 12,
        uncovered: 12,
        problems: [],
      }),
  ],
  ['GET', `${T}/jobs`, ({ tenant }) => ok([...tenant.jobs.values()])],
  ['GET', `${T}/jobs/(\\d+)`, ({ tenant, ids }) => ok(tenant.jobs.get(Number(ids[1])))],
];
