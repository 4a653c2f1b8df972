import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';
import { deviceKeys } from '../keys';

export function useConfirmImport(tenantId: number, id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (enrolmentIds: string[]) =>
      unwrap(
        api.POST('/api/tenants/{tenant_id}/device-imports/{import_id}/confirm', {
          params: { path: { tenant_id: tenantId, import_id: id } },
          body: { enrolment_ids: enrolmentIds },
        }),
      ),
    onSuccess: (confirmed) => queryClient.setQueryData(deviceKeys.import(tenantId, id), confirmed),
  });
}
