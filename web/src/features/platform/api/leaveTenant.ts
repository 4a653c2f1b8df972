import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrapEmpty } from '@/api/client';
import { overviewKeys } from '@/features/overview/keys';
import { sessionKeys } from '@/features/session/keys';

export function useLeaveTenant(tenantId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrapEmpty(
        api.DELETE('/api/platform/tenants/{tenant_id}/entries', {
          params: { path: { tenant_id: tenantId } },
        }),
      ),
    onSuccess: async () => {
      queryClient.removeQueries({ queryKey: ['tenant', tenantId] });
      await queryClient.invalidateQueries({ queryKey: overviewKeys.overview });
      void queryClient.invalidateQueries({ queryKey: sessionKeys.session });
    },
  });
}
