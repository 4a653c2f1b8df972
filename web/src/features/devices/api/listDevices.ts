import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { DeviceFilter } from '../filter';
import { deviceKeys } from '../keys';

export const PAGE_SIZE = 200;

/** One page of the device table, sorted and filtered by the server. */
export const devicePageQuery = (tenantId: number, filter: DeviceFilter, offset: number, limit: number) =>
  queryOptions({
    queryKey: deviceKeys.page(tenantId, filter, offset, limit),
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/devices', {
          params: { path: { tenant_id: tenantId }, query: { ...filter, offset, limit } },
        }),
      ),
  });
