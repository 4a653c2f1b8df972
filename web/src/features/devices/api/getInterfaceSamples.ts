import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { Range } from '@/lib/search';
import { deviceKeys } from '../keys';

export const interfaceSamplesQuery = (
  tenantId: number,
  deviceId: number,
  interfaceId: number,
  range: Range,
) =>
  queryOptions({
    queryKey: deviceKeys.interfaceSamples(tenantId, deviceId, interfaceId, range),
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/devices/{device_id}/interfaces/{interface_id}/samples', {
          params: {
            path: { tenant_id: tenantId, device_id: deviceId, interface_id: interfaceId },
            query: { range },
          },
        }),
      ),
  });
