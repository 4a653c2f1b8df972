import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { deviceKeys } from '../keys';

export function useCreateGroup(tenantId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (name: string) =>
      unwrap(
        api.POST('/api/tenants/{tenant_id}/groups', {
          params: { path: { tenant_id: tenantId } },
          body: { name },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: deviceKeys.groups(tenantId) }),
  });
}
