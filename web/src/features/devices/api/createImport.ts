import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { deviceKeys } from '../keys';

export function useCreateImport(tenantId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (csv: string) =>
      unwrap(
        api.POST('/api/tenants/{tenant_id}/device-imports', {
          params: { path: { tenant_id: tenantId } },
          body: { csv },
        }),
      ),
    onSuccess: (made) => queryClient.setQueryData(deviceKeys.import(tenantId, made.id), made),
  });
}
