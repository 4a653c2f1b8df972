import type { Schema } from '@/api/client';
import classes from './LinkMark.module.css';

type LinkState = 'up' | 'down' | 'disabled' | 'unknown';
const WORDS: Record<LinkState, string> = {
  up: 'Up',
  down: 'No link',
  disabled: 'Disabled',
  unknown: 'Unknown',
};

export function linkState({
  running,
  disabled,
}: Pick<Schema<'Interface'>, 'running' | 'disabled'>): LinkState {
  if (disabled === true) return 'disabled';
  if (running === null) return 'unknown';
  return running ? 'up' : 'down';
}

/** An interface's link in shape and word. */
export function LinkMark({ state }: { state: LinkState }) {
  return (
    <span className={classes.mark} data-state={state}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden>
        {state === 'up' && (
          <path d="M6 1.5v9M2.5 5L6 1.5 9.5 5" fill="none" stroke="currentColor" strokeWidth="1.7" />
        )}
        {state === 'down' && (
          <path d="M6 1.5v9M2.5 7L6 10.5 9.5 7" fill="none" stroke="currentColor" strokeWidth="1.7" />
        )}
        {state === 'disabled' && <path d="M2 6h8" stroke="currentColor" strokeWidth="1.7" />}
        {state === 'unknown' && (
          <circle
            cx="6"
            cy="6"
            r="4"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            strokeDasharray="2 1.5"
          />
        )}
      </svg>
      {WORDS[state]}
    </span>
  );
}
