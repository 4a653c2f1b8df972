import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { peopleKeys } from '../keys';

export const peopleQuery = (tenantId: number) =>
  queryOptions({
    queryKey: peopleKeys.list(tenantId),
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenant_id}/people', { params: { path: { tenant_id: tenantId } } })),
  });
