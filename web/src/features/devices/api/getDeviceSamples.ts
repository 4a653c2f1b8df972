import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { Range } from '@/lib/search';
import { deviceKeys } from '../keys';

export const deviceSamplesQuery = (tenantId: number, deviceId: number, range: Range) =>
  queryOptions({
    queryKey: deviceKeys.samples(tenantId, deviceId, range),
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/devices/{device_id}/samples', {
          params: { path: { tenant_id: tenantId, device_id: deviceId }, query: { range } },
        }),
      ),
  });
