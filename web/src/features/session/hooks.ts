import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Schema } from '@/api/client';
import { sessionQuery } from './api/getSession';

export type Session = Schema<'SessionInfo'>;
export type SessionTenant = Schema<'SessionTenant'>;

/** The session; only for screens behind the sign-in gate. */
export function useSession(): Session {
  const { data } = useSuspenseQuery(sessionQuery);
  if (!data) throw new Error('This screen needs a session.');
  return data;
}

/** The client named in the address bar, when this session may open it. */
export function useMaybeTenant(): SessionTenant | null {
  const { data } = useSuspenseQuery(sessionQuery);
  const { slug } = useParams({ strict: false });
  return data?.tenants.find((tenant) => tenant.slug === slug) ?? null;
}

export function useTenant(): SessionTenant {
  const tenant = useMaybeTenant();
  if (!tenant) throw new Error('This screen needs a client.');
  return tenant;
}

/** What this person may do here. The server decides again; this only spares them a refusal. */
export function useCan(): (permission: string) => boolean {
  const tenant = useMaybeTenant();
  const session = useSession();
  return (permission) =>
    permission.startsWith('platform.')
      ? session.platform_permissions.includes(permission)
      : (tenant?.permissions.includes(permission) ?? false);
}
