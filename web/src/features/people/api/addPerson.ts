import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/api/client';
import { peopleKeys } from '../keys';

export function useAddPerson(tenantId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<'PersonAdd'>) =>
      unwrap(
        api.POST('/api/tenants/{tenant_id}/people', { params: { path: { tenant_id: tenantId } }, body }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: peopleKeys.list(tenantId) }),
  });
}
