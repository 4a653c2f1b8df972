import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { deviceKeys } from '../keys';

export function useRenameGroup(tenantId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name }: { id: number; name: string }) =>
      unwrap(
        api.PATCH('/api/tenants/{tenant_id}/groups/{group_id}', {
          params: { path: { tenant_id: tenantId, group_id: id } },
          body: { name },
        }),
      ),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: deviceKeys.all(tenantId) });
      return queryClient.invalidateQueries({ queryKey: deviceKeys.groups(tenantId) });
    },
  });
}
