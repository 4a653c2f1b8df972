import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { deviceKeys } from '../keys';

export const wirelessClientsQuery = (tenantId: number, deviceId: number) =>
  queryOptions({
    queryKey: deviceKeys.wireless(tenantId, deviceId),
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/devices/{device_id}/wireless', {
          params: { path: { tenant_id: tenantId, device_id: deviceId } },
        }),
      ),
  });
