import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap, type Schema } from '@/api/client';
import { overviewKeys } from '@/features/overview/keys';

export function useCreateTenant() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Schema<'TenantCreate'>) => unwrap(api.POST('/api/platform/tenants', { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: overviewKeys.overview }),
  });
}
