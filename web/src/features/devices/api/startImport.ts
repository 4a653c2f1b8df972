import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { deviceKeys } from '../keys';

export function useStartImport(tenantId: number, id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(
        api.POST('/api/tenants/{tenant_id}/device-imports/{import_id}/start', {
          params: { path: { tenant_id: tenantId, import_id: id } },
        }),
      ),
    onSuccess: (started) => queryClient.setQueryData(deviceKeys.import(tenantId, id), started),
  });
}
