import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { configurationKeys } from '../keys';

const PAGE = 100;

export const snapshotsQuery = (tenantId: number, deviceId: number) =>
  infiniteQueryOptions({
    queryKey: configurationKeys.lists(tenantId, deviceId),
    initialPageParam: 0,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/devices/{device_id}/snapshots', {
          params: {
            path: { tenant_id: tenantId, device_id: deviceId },
            query: { limit: PAGE, offset: pageParam },
          },
        }),
      ),
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((sum, page) => sum + page.snapshots.length, 0);
      return last.snapshots.length > 0 && loaded < last.total ? loaded : undefined;
    },
  });
