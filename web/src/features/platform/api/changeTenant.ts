import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/api/client';
import { overviewKeys } from '@/features/overview/keys';
import { sessionKeys } from '@/features/session/keys';
import { platformKeys } from '../keys';

export function useChangeTenant(tenantId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<'TenantChange'>) =>
      unwrap(
        api.PATCH('/api/platform/tenants/{tenant_id}', { params: { path: { tenant_id: tenantId } }, body }),
      ),
    onSuccess: () => {
      for (const queryKey of [platformKeys.tenants, overviewKeys.overview, sessionKeys.session]) {
        void queryClient.invalidateQueries({ queryKey });
      }
    },
  });
}
