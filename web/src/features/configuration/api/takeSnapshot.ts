import { api, unwrap } from '@/api/client';

/** Asks for a backup now; the reply is the job that takes it. */
export function takeSnapshot(tenantId: number, deviceId: number) {
  return unwrap(
    api.POST('/api/tenants/{tenant_id}/devices/{device_id}/snapshots', {
      params: { path: { tenant_id: tenantId, device_id: deviceId } },
    }),
  );
}
