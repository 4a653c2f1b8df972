import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { deviceKeys } from '../keys';

const POLL_MS = 500;

export const enrolmentQuery = (tenantId: number, id: string) =>
  queryOptions({
    queryKey: deviceKeys.enrolment(tenantId, id),
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/enrolments/{enrolment_id}', {
          params: { path: { tenant_id: tenantId, enrolment_id: id } },
        }),
      ),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) =>
      data === undefined || data.state === 'connecting' || data.state === 'verifying' ? POLL_MS : false,
  });
