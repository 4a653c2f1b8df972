import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrapEmpty } from '@/api/client';
import { peopleKeys } from '../keys';

export function useRemovePerson(tenantId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (userId: number) =>
      unwrapEmpty(
        api.DELETE('/api/tenants/{tenant_id}/people/{user_id}', {
          params: { path: { tenant_id: tenantId, user_id: userId } },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: peopleKeys.list(tenantId) }),
  });
}
