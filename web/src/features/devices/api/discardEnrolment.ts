import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrapEmpty } from '@/api/client';
import { deviceKeys } from '../keys';

/** Throws away what waits for a confirmation, credentials and all. */
export function useDiscardEnrolment(tenantId: number) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrapEmpty(
        api.DELETE('/api/tenants/{tenant_id}/enrolments/{enrolment_id}', {
          params: { path: { tenant_id: tenantId, enrolment_id: id } },
        }),
      ),
    onSettled: (_data, _error, id) =>
      queryClient.removeQueries({ queryKey: deviceKeys.enrolment(tenantId, id) }),
  });
}
