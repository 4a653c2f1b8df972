import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { Range } from '@/lib/search';
import { dashboardKeys } from '../keys';

export const trafficQuery = (tenantId: number, range: Range) =>
  queryOptions({
    queryKey: dashboardKeys.traffic(tenantId, range),
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/traffic', {
          params: { path: { tenant_id: tenantId }, query: { range } },
        }),
      ),
    refetchInterval: 60_000,
  });
