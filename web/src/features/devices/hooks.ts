import { useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schema } from '@/api/client';
import { useTenant } from '@/features/session/hooks';
import { rangeSince } from '@/lib/chart';
import type { Range } from '@/lib/search';
import { deviceQuery } from './api/getDevice';

export type Device = Schema<'Device'>;

/** The device of the address bar, for the pages inside its layout, which has loaded it. */
export function useDevice(): { device: Device; tenantId: number; slug: string } {
  const tenant = useTenant();
  const { deviceId = 0 } = useParams({ strict: false });
  const { data } = useSuspenseQuery(deviceQuery(tenant.tenant_id, deviceId));
  return { device: data, tenantId: tenant.tenant_id, slug: tenant.slug };
}

/** The range of the charts unless the address bar says one: a router added today is shown from its beginning. */
export function useUsualRange(): Range {
  const { device } = useDevice();
  const [nowMs] = useState(() => Date.now());
  return rangeSince(Date.parse(device.created_at), nowMs);
}
