import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/api/client';
import { peopleKeys } from '../keys';

export function useChangePerson(tenantId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ userId, ...body }: Schema<'PersonChange'> & { userId: number }) =>
      unwrap(
        api.PATCH('/api/tenants/{tenant_id}/people/{user_id}', {
          params: { path: { tenant_id: tenantId, user_id: userId } },
          body,
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: peopleKeys.list(tenantId) }),
  });
}
