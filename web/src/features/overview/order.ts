import type { Schema } from '@/api/client';

type Counts = Schema<'TenantCounts'>;

function weight({ offline, stale, unknown, worst }: Counts): number {
  return offline * 1000 + (worst === null ? 0 : 500) + stale * 10 + unknown;
}

/** Who needs me now: most offline first, then what else is wrong, then by name. */
export function worstFirst(tenants: readonly Counts[]): Counts[] {
  return [...tenants].sort((a, b) => weight(b) - weight(a) || a.name.localeCompare(b.name));
}

/** What is wrong with a client, in words, even when only its counters may be seen. */
export function reasonOf({ state, worst, offline, stale, unknown, devices }: Counts): string | null {
  if (state === 'creating') return 'Being made';
  if (devices === 0) return 'No routers yet';
  if (worst !== null) return worst;
  if (offline > 0) return `${offline} of ${devices} routers offline`;
  if (stale > 0) return `${stale} ${stale === 1 ? 'router' : 'routers'} with old values`;
  if (unknown > 0) return `${unknown} ${unknown === 1 ? 'router' : 'routers'} not polled yet`;
  return null;
}
