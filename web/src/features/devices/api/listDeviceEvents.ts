import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { deviceKeys } from '../keys';

export const deviceEventsQuery = (tenantId: number, deviceId: number) =>
  queryOptions({
    queryKey: deviceKeys.events(tenantId, deviceId),
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/devices/{device_id}/events', {
          params: { path: { tenant_id: tenantId, device_id: deviceId }, query: { limit: 100 } },
        }),
      ),
  });
