import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { configurationKeys } from '../keys';

/** A version never changes once it is taken. */
export const snapshotQuery = (tenantId: number, deviceId: number, id: number) =>
  queryOptions({
    queryKey: configurationKeys.text(tenantId, deviceId, id),
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/devices/{device_id}/snapshots/{snapshot_id}', {
          params: { path: { tenant_id: tenantId, device_id: deviceId, snapshot_id: id } },
        }),
      ),
    staleTime: Infinity,
  });
