import type { QueryClient } from '@tanstack/react-query';
import { sessionQuery } from '@/features/session/api/getSession';

/** Asks for what a page will want, on hover already, and waits for none of it; the page itself shows a failure. */
export function ahead(...asking: Promise<unknown>[]): void {
  for (const each of asking) each.catch(() => undefined);
}

/** The same inside a client: for those who may open it, by the session that the gate has loaded. */
export function warm(
  queryClient: QueryClient,
  params: { slug: string },
  permission: string,
  ask: (tenantId: number) => Promise<unknown>[],
): void {
  const tenants = queryClient.getQueryData(sessionQuery.queryKey)?.tenants;
  const tenant = tenants?.find((each) => each.slug === params.slug);
  if (tenant?.permissions.includes(permission)) ahead(...ask(tenant.tenant_id));
}
