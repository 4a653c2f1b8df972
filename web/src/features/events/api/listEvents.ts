import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { eventKeys } from '../keys';

const PAGE = 100;

export const eventsQuery = (tenantId: number) =>
  infiniteQueryOptions({
    queryKey: eventKeys.all(tenantId),
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/events', {
          params: { path: { tenant_id: tenantId }, query: { limit: PAGE, before: pageParam } },
        }),
      ),
    getNextPageParam: (last) => (last.length < PAGE ? undefined : last.at(-1)?.id),
  });
