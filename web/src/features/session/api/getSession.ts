import { queryOptions } from '@tanstack/react-query';
import { api, setCsrfToken, type Schema } from '@/api/client';
import { errorFromReply } from '@/api/errors';
import { sessionKeys } from '../keys';

/** The session, or null when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: sessionKeys.session,
  queryFn: async (): Promise<Schema<'SessionInfo'> | null> => {
    const { data, error, response } = await api.GET('/api/session');
    if (response.status === 401) {
      setCsrfToken(null);
      return null;
    }
    if (!data) throw errorFromReply(error, response);
    setCsrfToken(data.csrf_token);
    return data;
  },
  staleTime: 60_000,
});
