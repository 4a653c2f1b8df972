import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { platformKeys } from '../keys';

export const platformAuditQuery = infiniteQueryOptions({
  queryKey: platformKeys.audit,
  initialPageParam: undefined as number | undefined,
  queryFn: ({ pageParam }) =>
    unwrap(api.GET('/api/platform/audit', { params: { query: { before: pageParam, limit: 100 } } })),
  getNextPageParam: (last) => last.next_before ?? undefined,
});
