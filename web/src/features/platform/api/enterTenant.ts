import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, setCsrfToken, unwrap, type Schema } from '@/api/client';
import { sessionKeys } from '@/features/session/keys';

export function useEnterTenant() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ tenantId, ...body }: Schema<'TenantEnter'> & { tenantId: number }) =>
      unwrap(
        api.POST('/api/platform/tenants/{tenant_id}/entries', {
          params: { path: { tenant_id: tenantId } },
          body,
        }),
      ),
    onSuccess: (session) => {
      setCsrfToken(session.csrf_token);
      queryClient.setQueryData(sessionKeys.session, session);
    },
  });
}
