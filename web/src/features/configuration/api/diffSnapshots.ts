import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { configurationKeys } from '../keys';

export const diffQuery = (tenantId: number, deviceId: number, fromId: number, toId: number) =>
  queryOptions({
    queryKey: configurationKeys.diff(tenantId, deviceId, fromId, toId),
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/devices/{device_id}/snapshots/diff', {
          params: {
            path: { tenant_id: tenantId, device_id: deviceId },
            query: { from_id: fromId, to_id: toId },
          },
        }),
      ),
    staleTime: Infinity,
  });
