import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/api/client';

/** Not a query: it is asked for on purpose, and its answer is a finding of that moment. */
export function useVerifyAudit(tenantId: number) {
  return useMutation({
    mutationFn: () =>
      unwrap(
        api.GET('/api/tenants/{tenant_id}/audit/verification', { params: { path: { tenant_id: tenantId } } }),
      ),
  });
}
