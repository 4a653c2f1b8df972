import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { platformKeys } from '../keys';

export const tenantsQuery = queryOptions({
  queryKey: platformKeys.tenants,
  queryFn: () => unwrap(api.GET('/api/platform/tenants')),
});
