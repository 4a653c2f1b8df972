import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { deviceKeys } from '../keys';

export const tagsQuery = (tenantId: number) =>
  queryOptions({
    queryKey: deviceKeys.tags(tenantId),
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenant_id}/tags', { params: { path: { tenant_id: tenantId } } })),
    staleTime: 60_000,
  });
