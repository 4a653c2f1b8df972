import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/api/client';
import { deviceKeys } from '../keys';

export function useStartEnrolment(tenantId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<'EnrolmentStart'>) =>
      unwrap(
        api.POST('/api/tenants/{tenant_id}/enrolments', { params: { path: { tenant_id: tenantId } }, body }),
      ),
    onSuccess: (enrolment) =>
      queryClient.setQueryData(deviceKeys.enrolment(tenantId, enrolment.id), enrolment),
  });
}
