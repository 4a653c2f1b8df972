import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { auditKeys } from '@/features/audit/keys';
import { configurationKeys } from '@/features/configuration/keys';
import { dashboardKeys } from '@/features/dashboard/keys';
import { deviceKeys } from '@/features/devices/keys';
import { eventKeys } from '@/features/events/keys';
import type { Hint } from './hint';

/** How long what a hint touches may wait, so that 10,000 routers a minute do not become 10,000 requests. */
const FAST_MS = 400;
const DETAIL_MS = 500;
const LIST_MS = 5_000;
const SERIES_MS = 15_000;

/** What a hint makes old, and how soon it should be asked for again. */
export function staleKeys(
  tenantId: number,
  { kind, deviceId, ref }: Hint,
): [key: QueryKey, delayMs: number][] {
  const device =
    deviceId === null ? [] : [[deviceKeys.device(tenantId, deviceId), DETAIL_MS] as [QueryKey, number]];
  switch (kind) {
    case 'device.polled':
      return [
        ...device,
        [deviceKeys.pages(tenantId), LIST_MS],
        [dashboardKeys.dashboard(tenantId), LIST_MS],
        [dashboardKeys.traffic(tenantId), SERIES_MS],
      ];
    case 'device.changed':
      return [
        ...device,
        [deviceKeys.pages(tenantId), DETAIL_MS],
        [deviceKeys.groups(tenantId), LIST_MS],
        [deviceKeys.tags(tenantId), LIST_MS],
        [dashboardKeys.dashboard(tenantId), DETAIL_MS],
        [auditKeys.all(tenantId), LIST_MS],
      ];
    case 'snapshot.taken':
      return [
        ...device,
        ...(deviceId === null
          ? []
          : [[configurationKeys.lists(tenantId, deviceId), FAST_MS] as [QueryKey, number]]),
        [dashboardKeys.dashboard(tenantId), LIST_MS],
      ];
    case 'event.added':
      return [
        ...(deviceId === null
          ? []
          : [[deviceKeys.events(tenantId, deviceId), DETAIL_MS] as [QueryKey, number]]),
        [eventKeys.all(tenantId), DETAIL_MS],
        [dashboardKeys.dashboard(tenantId), DETAIL_MS],
      ];
    case 'job.changed':
      // Who waits for a job follows it by itself.
      return [];
    case 'enrolment.changed':
      return [
        ...(ref === null ? [] : [[deviceKeys.enrolment(tenantId, ref), 50] as [QueryKey, number]]),
        [deviceKeys.imports(tenantId), FAST_MS],
      ];
  }
}

/** Collects hints and asks again for each key at most once per its delay; only what is on screen is fetched. */
export function createApplier(queryClient: QueryClient, tenantId: number) {
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();
  return {
    apply: (hint: Hint): void => {
      for (const [queryKey, delayMs] of staleKeys(tenantId, hint)) {
        const name = JSON.stringify(queryKey);
        if (waiting.has(name)) continue;
        const timer = setTimeout(() => {
          waiting.delete(name);
          void queryClient.invalidateQueries({ queryKey });
        }, delayMs);
        waiting.set(name, timer);
      }
    },
    stop: (): void => {
      for (const timer of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
