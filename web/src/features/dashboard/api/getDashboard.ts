import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { dashboardKeys } from '../keys';

export const dashboardQuery = (tenantId: number) =>
  queryOptions({
    queryKey: dashboardKeys.dashboard(tenantId),
    queryFn: () =>
      unwrap(api.GET('/api/tenants/{tenant_id}/dashboard', { params: { path: { tenant_id: tenantId } } })),
    refetchInterval: 60_000,
  });
