import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { deviceKeys } from '../keys';

export const interfacesQuery = (tenantId: number, deviceId: number) =>
  queryOptions({
    queryKey: deviceKeys.interfaces(tenantId, deviceId),
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/devices/{device_id}/interfaces', {
          params: { path: { tenant_id: tenantId, device_id: deviceId } },
        }),
      ),
  });
