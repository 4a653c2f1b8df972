import { confirmEnrolment, createImport, startEnrolment } from './enrolments.ts';
import { D, missing, none, ok, T, type Route } from './routing.ts';
import type { Schema } from './types.ts';

export const enrolmentRoutes: Route[] = [
  [
    'POST',
    `${D}/connection`,
    ({ state, tenant, device, request }) =>
      ok(
        startEnrolment(
          tenant,
          { ...device, ...(request.body as Schema<'EnrolmentStart'>) },
          (hint) => state.announce(tenant.tenant.id, hint),
          'change',
        ),
        202,
      ),
  ],
  [
    'POST',
    `${T}/enrolments`,
    ({ state, tenant, request }) =>
      ok(
        startEnrolment(tenant, request.body as Schema<'EnrolmentStart'>, (hint) =>
          state.announce(tenant.tenant.id, hint),
        ),
        202,
      ),
  ],
  ['GET', `${T}/enrolments/(\\w+)`, ({ tenant, ids }) => ok(tenant.enrolments.get(ids[1] ?? ''))],
  ['DELETE', `${T}/enrolments/(\\w+)`, ({ tenant, ids }) => (tenant.enrolments.delete(ids[1] ?? ''), none)],
  [
    'POST',
    `${T}/enrolments/(\\w+)/confirm`,
    ({ state, tenant, ids }) => {
      const enrolment = tenant.enrolments.get(ids[1] ?? '');
      if (!enrolment) throw missing('enrolment');
      confirmEnrolment(
        tenant,
        enrolment,
        (hint) => state.announce(tenant.tenant.id, hint),
        enrolment.kind === 'change' ? 100 : null,
      );
      return ok(enrolment, 202);
    },
  ],
  [
    'POST',
    `${T}/device-imports`,
    ({ tenant, request }) => {
      const made = createImport((request.body as Schema<'ImportCreate'>).csv);
      tenant.imports.set(made.id, made);
      return ok(made, 201);
    },
  ],
  [
    'GET',
    `${T}/device-imports/(\\w+)`,
    ({ tenant, ids }) => {
      const found = tenant.imports.get(ids[1] ?? '');
      for (const row of found?.rows ?? []) {
        const enrolment = tenant.enrolments.get(row.enrolment_id ?? '');
        if (enrolment)
          Object.assign(row, {
            state: enrolment.state,
            spki_sha256: enrolment.spki_sha256,
            ssh_host_key_sha256: enrolment.ssh_host_key_sha256,
            device_id: enrolment.device_id,
            error_code: enrolment.error_code,
            error_message: enrolment.error_message,
          });
      }
      return ok(found);
    },
  ],
  [
    'POST',
    `${T}/device-imports/(\\w+)/start`,
    ({ state, tenant, ids }) => {
      const found = tenant.imports.get(ids[1] ?? '');
      if (!found) throw missing('import');
      found.state = 'started';
      for (const row of found.rows.filter((each) => each.state === 'ready')) {
        row.enrolment_id = startEnrolment(
          tenant,
          {
            address: row.address,
            api_port: 8729,
            ssh_port: 22,
            username: 'drover',
            password: '',
            name: row.name,
            tags: [],
          },
          (hint) => state.announce(tenant.tenant.id, hint),
        ).id;
        row.state = 'connecting';
      }
      return ok(found, 202);
    },
  ],
  [
    'POST',
    `${T}/device-imports/(\\w+)/confirm`,
    ({ state, tenant, ids, request }) => {
      for (const id of (request.body as Schema<'ImportConfirm'>).enrolment_ids) {
        const enrolment = tenant.enrolments.get(id);
        if (enrolment) confirmEnrolment(tenant, enrolment, (hint) => state.announce(tenant.tenant.id, hint));
      }
      return ok(tenant.imports.get(ids[1] ?? ''), 202);
    },
  ],
];
