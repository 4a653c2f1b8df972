import { Refusal, type MockTenant, type Schema } from './types.ts';

const READ = ['devices.read', 'backups.read', 'jobs.read'];
const OPERATE = [
  ...READ,
  'devices.write',
  'devices.organise',
  'backups.take',
  'jobs.cancel',
  'people.read',
  'audit.read',
];
const PERMISSIONS: Record<string, string[]> = {
  viewer: READ,
  operator: OPERATE,
  admin: [...OPERATE, 'devices.delete', 'people.manage'],
  super_admin: [...OPERATE, 'devices.delete', 'people.manage'],
};

const LOGINS: Record<string, { id: number; name: string; role: 'admin' | 'operator' | 'viewer' | null }> = {
  'root@drover.example': { id: 1, name: 'Sasha Marin', role: null },
  'rosa.lind@drover.example': { id: 2, name: 'Rosa Lind', role: 'admin' },
  'omar.baptiste@drover.example': { id: 3, name: 'Omar Baptiste', role: 'operator' },
  'vera.stein@client.example': { id: 4, name: 'Vera Stein', role: 'viewer' },
};

/** Any known address with any password, but "wrong" and "throttled". */
export class Sessions {
  private readonly entered = new Map<number, string>();

  signIn(email: string, password: string): string {
    if (password === 'throttled') {
      throw new Refusal({
        status: 429,
        code: 'session.throttled',
        message: 'Too many attempts. Wait 40 seconds, then try again.',
      });
    }
    if (!LOGINS[email] || password === 'wrong') {
      throw new Refusal({
        status: 401,
        code: 'session.wrong_credentials',
        message: 'This email and password do not belong together.',
      });
    }
    return email;
  }

  enter(tenantId: number, minutes: number): void {
    this.entered.set(tenantId, new Date(Date.now() + minutes * 60_000).toISOString());
  }

  leave(tenantId: number): void {
    this.entered.delete(tenantId);
  }

  info(email: string, world: MockTenant[]): Schema<'SessionInfo'> {
    const login = LOGINS[email];
    if (!login) throw new Refusal({ status: 401, code: 'session.none', message: 'Sign in first.' });
    const root = login.role === null;
    return {
      user: { id: login.id, email, name: login.name, is_super_admin: root },
      csrf_token: 'mock-csrf',
      tenants: world
        .filter(({ tenant }) => tenant.state === 'active' && (!root || this.entered.has(tenant.id)))
        .filter(({ tenant }) => login.role !== 'viewer' || tenant.id === 1)
        .map(({ tenant }) => ({
          tenant_id: tenant.id,
          slug: tenant.slug,
          name: tenant.name,
          colour: tenant.colour,
          role: login.role ?? 'super_admin',
          permissions: PERMISSIONS[login.role ?? 'super_admin'] ?? [],
          entered_until: this.entered.get(tenant.id) ?? null,
        })),
      platform_permissions: root ? ['platform.tenants', 'platform.enter', 'platform.audit'] : [],
      expires_at: new Date(Date.now() + 8 * 3_600_000).toISOString(),
    };
  }
}
