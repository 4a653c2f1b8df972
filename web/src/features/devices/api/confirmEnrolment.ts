import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/api/client';
import { deviceKeys } from '../keys';

export function useConfirmEnrolment(tenantId: number, id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<'EnrolmentConfirm'>) =>
      unwrap(
        api.POST('/api/tenants/{tenant_id}/enrolments/{enrolment_id}/confirm', {
          params: { path: { tenant_id: tenantId, enrolment_id: id } },
          body,
        }),
      ),
    onSuccess: (enrolment) => queryClient.setQueryData(deviceKeys.enrolment(tenantId, id), enrolment),
  });
}
