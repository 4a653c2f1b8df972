import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, setCsrfToken, unwrapEmpty } from '@/api/client';
import { sessionKeys } from '../keys';

export function useSignOut() {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrapEmpty(api.DELETE('/api/session')),
    onSuccess: async () => {
      // First away from screens that need a session.
      await navigate({ to: '/sign-in' });
      setCsrfToken(null);
      // What one person saw must not be in memory for the next.
      queryClient.clear();
      queryClient.setQueryData(sessionKeys.session, null);
    },
  });
}
