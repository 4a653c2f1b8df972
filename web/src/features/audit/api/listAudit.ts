import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import type { AuditFilter } from '../filter';
import { auditKeys } from '../keys';

const PAGE = 100;

export const auditQuery = (tenantId: number, filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: auditKeys.list(tenantId, filter),
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/audit', {
          params: { path: { tenant_id: tenantId }, query: { ...filter, before: pageParam, limit: PAGE } },
        }),
      ),
    getNextPageParam: (last) => last.next_before ?? undefined,
    placeholderData: keepPreviousData,
  });
