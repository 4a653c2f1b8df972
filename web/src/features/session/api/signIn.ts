import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, setCsrfToken, unwrap, type Schema } from '@/api/client';
import { sessionKeys } from '../keys';

export function useSignIn() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<'SignIn'>) => unwrap(api.POST('/api/session', { body })),
    onSuccess: (session) => {
      setCsrfToken(session.csrf_token);
      queryClient.setQueryData(sessionKeys.session, session);
    },
  });
}
