import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrapEmpty } from '@/api/client';
import { deviceKeys } from '../keys';

export function useDeleteGroup(tenantId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      unwrapEmpty(
        api.DELETE('/api/tenants/{tenant_id}/groups/{group_id}', {
          params: { path: { tenant_id: tenantId, group_id: id } },
        }),
      ),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: deviceKeys.all(tenantId) });
      return queryClient.invalidateQueries({ queryKey: deviceKeys.groups(tenantId) });
    },
  });
}
