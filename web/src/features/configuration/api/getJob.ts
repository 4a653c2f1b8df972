import { api, unwrap } from '@/api/client';

export function getJob(tenantId: number, jobId: number) {
  return unwrap(
    api.GET('/api/tenants/{tenant_id}/jobs/{job_id}', {
      params: { path: { tenant_id: tenantId, job_id: jobId } },
    }),
  );
}
