import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, setCsrfToken, unwrap, type Schema } from '@/api/client';
import { sessionKeys } from '../keys';

/** Spends a one-time link: the reply is a session, the person is signed in. */
export function useSpendLink(token: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<'LinkUse'>) =>
      unwrap(api.POST('/api/links/{token}', { params: { path: { token } }, body })),
    onSuccess: (session) => {
      setCsrfToken(session.csrf_token);
      queryClient.setQueryData(sessionKeys.session, session);
    },
  });
}
