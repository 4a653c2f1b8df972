import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrapEmpty } from '@/api/client';
import { deviceKeys } from '../keys';

export function useDeleteDevice(tenantId: number, deviceId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (history: 'keep' | 'purge') =>
      unwrapEmpty(
        api.DELETE('/api/tenants/{tenant_id}/devices/{device_id}', {
          params: { path: { tenant_id: tenantId, device_id: deviceId }, query: { history } },
        }),
      ),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: deviceKeys.pages(tenantId) });
    },
  });
}
