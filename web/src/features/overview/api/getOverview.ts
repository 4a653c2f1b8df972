import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { overviewKeys } from '../keys';

export const overviewQuery = queryOptions({
  queryKey: overviewKeys.overview,
  queryFn: () => unwrap(api.GET('/api/overview')),
  // There is no live stream across clients: ask again instead.
  refetchInterval: 15_000,
});
