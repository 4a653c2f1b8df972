import type { Schema } from '@/api/client';

export type ImportRow = Schema<'ImportRow'>;

export const ROW_WORDS: Record<ImportRow['state'], string> = {
  ready: 'Ready',
  invalid: 'Not usable',
  connecting: 'Connecting',
  awaiting_confirmation: 'Confirm its keys',
  verifying: 'Logging in',
  done: 'Added',
  failed: 'Failed',
  expired: 'Expired',
};

export function isMoving({ state }: ImportRow): boolean {
  return state === 'connecting' || state === 'verifying';
}

export function isWaiting({ state, enrolment_id }: ImportRow): boolean {
  return state === 'awaiting_confirmation' && enrolment_id !== null;
}

/** "3 added, 1 failed, 2 to confirm": only what there is. */
export function summary(rows: readonly ImportRow[]): string {
  const of = (...states: ImportRow['state'][]) => rows.filter((row) => states.includes(row.state)).length;
  const parts: [number, string][] = [
    [of('done'), 'added'],
    [of('failed', 'expired'), 'failed'],
    [of('awaiting_confirmation'), 'to confirm'],
    [of('connecting', 'verifying'), 'under way'],
    [of('ready'), 'ready'],
    [of('invalid'), 'not usable'],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}
