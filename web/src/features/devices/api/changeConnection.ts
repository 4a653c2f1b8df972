import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/api/client';
import { deviceKeys } from '../keys';

/** Asks for a new address or login of a device; it is verified like a new device before anything is saved. */
export function useChangeConnection(tenantId: number, deviceId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<'ConnectionChange'>) =>
      unwrap(
        api.POST('/api/tenants/{tenant_id}/devices/{device_id}/connection', {
          params: { path: { tenant_id: tenantId, device_id: deviceId } },
          body,
        }),
      ),
    onSuccess: (enrolment) =>
      queryClient.setQueryData(deviceKeys.enrolment(tenantId, enrolment.id), enrolment),
  });
}
