import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { deviceKeys } from '../keys';

export const groupsQuery = (tenantId: number) =>
  queryOptions({
    queryKey: deviceKeys.groups(tenantId),
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenant_id}/groups', { params: { path: { tenant_id: tenantId } } })),
    staleTime: 60_000,
  });
