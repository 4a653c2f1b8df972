import { deviceRoutes } from './deviceRoutes.ts';
import { enrolmentRoutes } from './enrolmentRoutes.ts';
import { D, missing, none, ok, type Answer, type Request } from './routing.ts';
import type { ServerState } from './state.ts';
import { tenantRoutes } from './tenantRoutes.ts';
import { Refusal, type Device, type MockTenant, type Schema } from './types.ts';

const routes = [...tenantRoutes, ...enrolmentRoutes, ...deviceRoutes];

export function answer(state: ServerState, request: Request): Answer {
  const { method, path } = request;
  if (path === '/api/session' && method === 'POST') {
    const { email, password } = request.body as Schema<'SignIn'>;
    request.setCookie(state.sessions.signIn(email, password));
    return ok(state.sessions.info(email, state.world));
  }
  const token = /^\/api\/links\/(\w+)$/.exec(path)?.[1];
  if (token !== undefined) return link(state, request, token);
  if (request.email === null)
    throw new Refusal({ status: 401, code: 'session.none', message: 'Sign in first.' });
  if (method !== 'GET' && !request.csrf)
    throw new Refusal({ status: 403, code: 'session.csrf', message: 'The page is out of date. Reload it.' });
  if (path === '/api/session') {
    if (method === 'GET') return ok(state.sessions.info(request.email, state.world));
    request.setCookie(null);
    return none;
  }
  for (const [verb, pattern, handler] of routes) {
    const match = verb === method ? new RegExp(`^${pattern}$`).exec(path) : null;
    if (!match) continue;
    const ids = match.slice(1);
    const tenant = state.world.find((each) => each.tenant.id === Number(ids[0]));
    const device = tenant?.devices.get(Number(ids[1]));
    if (pattern.includes('/tenants/') && !tenant) throw missing('tenant');
    if (pattern.startsWith(D) && !device) throw missing('device');
    const result = handler({ state, request, ids, tenant: tenant as MockTenant, device: device as Device });
    if (result.status === 200 && result.body === undefined) throw missing('object');
    return result;
  }
  throw missing('page');
}

function link(state: ServerState, request: Request, token: string): Answer {
  if (token.startsWith('used'))
    throw new Refusal({ status: 410, code: 'link.used', message: 'This link was used already.' });
  const setup = token.startsWith('setup');
  if (request.method === 'GET')
    return ok({
      purpose: setup ? 'setup' : 'invitation',
      has_login: false,
      email: setup ? null : 'vera.stein@client.example',
      name: setup ? null : 'Vera Stein',
      expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    });
  const email = setup ? 'root@drover.example' : 'vera.stein@client.example';
  request.setCookie(email);
  return ok(state.sessions.info(email, state.world));
}
