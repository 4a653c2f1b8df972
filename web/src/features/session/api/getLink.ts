import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { sessionKeys } from '../keys';

export const linkQuery = (token: string) =>
  queryOptions({
    queryKey: sessionKeys.link(token),
    queryFn: () => unwrap(api.GET('/api/links/{token}', { params: { path: { token } } })),
    retry: false,
    staleTime: Infinity,
  });
