import type { Schema } from '@/api/client';

type Job = Schema<'Job'>;

export function jobOver({ state }: Job): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

/** 0 to 100, or null while the whole is not known. */
export function jobPercent({ state, progress_done, progress_total }: Job): number | null {
  if (state === 'done') return 100;
  if (progress_total === null || progress_total === 0) return null;
  return Math.min(100, (progress_done / progress_total) * 100);
}
