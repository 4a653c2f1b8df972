import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, setCsrfToken, unwrapEmpty } from '@/api/client';
import { sessionKeys } from '../keys';

export function useSignOut() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrapEmpty(api.DELETE('/api/session')),
    onSuccess: () => {
      setCsrfToken(null);
      // What one person saw must not be in memory for the next.
      queryClient.clear();
      queryClient.setQueryData(sessionKeys.session, null);
    },
  });
}
