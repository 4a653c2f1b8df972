import type { AuditSearch } from '@/lib/search';

/** What the trail is asked for, as the server names it. */
export interface AuditFilter {
  q?: string | undefined;
  action?: string | undefined;
  actor?: string | undefined;
  outcome?: string | undefined;
  target_kind?: string | undefined;
  target_id?: string | undefined;
}

export function filterFromSearch({ q, action, actor, outcome, kind }: AuditSearch): AuditFilter {
  return { q, action, actor, outcome, target_kind: kind };
}
