import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { isMoving } from '../importRows';
import { deviceKeys } from '../keys';

export const importQuery = (tenantId: number, id: string) =>
  queryOptions({
    queryKey: deviceKeys.import(tenantId, id),
    queryFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/device-imports/{import_id}', {
          params: { path: { tenant_id: tenantId, import_id: id } },
        }),
      ),
    refetchInterval: ({ state: { data } }) => (data?.rows.some(isMoving) === true ? 1000 : false),
  });
