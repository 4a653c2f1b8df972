import type { Schema } from '@/api/client';
import classes from './Outcome.module.css';

const WORDS = { success: 'Done', intent: 'Began', refused: 'Refused', failure: 'Failed' } as const;
export const OUTCOMES = (Object.keys(WORDS) as (keyof typeof WORDS)[]).map((value) => ({
  value,
  label: WORDS[value],
}));

/** How it ended, in shape and word. */
export function Outcome({ outcome }: { outcome: Schema<'AuditEntry'>['outcome'] }) {
  return (
    <span className={classes.mark} data-outcome={outcome}>
      <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden>
        {outcome === 'success' && (
          <path d="M1.5 5.2L4 7.7 8.5 2.6" fill="none" stroke="currentColor" strokeWidth="1.6" />
        )}
        {outcome === 'intent' && (
          <circle cx="5" cy="5" r="3.6" fill="none" stroke="currentColor" strokeWidth="1.5" />
        )}
        {outcome === 'refused' && <path d="M1.5 5h7" stroke="currentColor" strokeWidth="2.2" />}
        {outcome === 'failure' && <path d="M2 2l6 6M8 2L2 8" stroke="currentColor" strokeWidth="1.7" />}
      </svg>
      {WORDS[outcome]}
    </span>
  );
}
