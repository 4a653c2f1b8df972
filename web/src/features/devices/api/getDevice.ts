import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { deviceKeys } from '../keys';

export const deviceQuery = (tenantId: number, deviceId: number) =>
  queryOptions({
    queryKey: deviceKeys.device(tenantId, deviceId),
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/devices/{device_id}', {
          params: { path: { tenant_id: tenantId, device_id: deviceId } },
        }),
      ),
  });
