import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/api/client';
import { deviceKeys } from '../keys';

export function useChangeDevice(tenantId: number, deviceId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<'DeviceChange'>) =>
      unwrap(
        api.PATCH('/api/tenants/{tenant_id}/devices/{device_id}', {
          params: { path: { tenant_id: tenantId, device_id: deviceId } },
          body,
        }),
      ),
    onSuccess: (device) => {
      queryClient.setQueryData(deviceKeys.device(tenantId, deviceId), device);
      void queryClient.invalidateQueries({ queryKey: deviceKeys.pages(tenantId) });
      void queryClient.invalidateQueries({ queryKey: deviceKeys.tags(tenantId) });
      void queryClient.invalidateQueries({ queryKey: deviceKeys.groups(tenantId) });
    },
  });
}
