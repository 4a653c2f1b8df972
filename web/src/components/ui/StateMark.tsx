import { stateWord, type DeviceState } from '@/lib/deviceState';
import classes from './StateMark.module.css';

const RECOVERED_FOR_MS = 10 * 60 * 1000;

/** One shape per state, so that colour is never the only sign. */
function Shape({ state }: { state: DeviceState }) {
  switch (state) {
    case 'online':
      return <circle cx="6" cy="6" r="4" fill="currentColor" />;
    case 'offline':
      return (
        <>
          <rect x="0.5" y="0.5" width="11" height="11" rx="2.5" fill="currentColor" />
          <path d="M3.7 3.7l4.6 4.6M8.3 3.7L3.7 8.3" className={classes.cut} />
        </>
      );
    case 'stale':
      return (
        <>
          <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.6" />
          <path
            d="M6 3.6V6l1.6 1.2"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
            strokeLinecap="round"
          />
        </>
      );
    case 'needs_credentials':
      return (
        <>
          <path d="M6 0.8L11.4 10.6H0.6z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
          <path d="M6 4.4v3" className={classes.cut} />
          <circle cx="6" cy="9" r="0.8" className={classes.cutFill} />
        </>
      );
    case 'certificate_changed':
      return (
        <>
          <path
            d="M6 0.6l4.8 1.7v3.5c0 2.8-2 4.7-4.8 5.7C3.2 10.5 1.2 8.6 1.2 5.8V2.3z"
            fill="currentColor"
          />
          <path d="M6 3.3v3" className={classes.cut} />
          <circle cx="6" cy="8.2" r="0.8" className={classes.cutFill} />
        </>
      );
    case 'disabled':
      return (
        <>
          <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M2.9 9.1l6.2-6.2" stroke="currentColor" strokeWidth="1.5" />
        </>
      );
    case 'unknown':
      return (
        <circle
          cx="6"
          cy="6"
          r="4.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeDasharray="2 1.55"
        />
      );
  }
}

interface StateMarkProps {
  state: DeviceState;
  /** When the state began: an online router is green for its first ten minutes back. */
  since?: string | null;
  nowMs?: number;
  /** Shape only; the word stays for screen readers. */
  bare?: boolean;
}

export function StateMark({ state, since, nowMs, bare = false }: StateMarkProps) {
  const recovered =
    state === 'online' &&
    since != null &&
    nowMs !== undefined &&
    nowMs - Date.parse(since) < RECOVERED_FOR_MS;
  return (
    <span className={classes.mark} data-state={recovered ? 'recovered' : state}>
      <svg
        width="12"
        height="12"
        viewBox="0 0 12 12"
        role={bare ? 'img' : undefined}
        aria-hidden={!bare}
        aria-label={bare ? stateWord(state) : undefined}
      >
        <Shape state={state} />
      </svg>
      {!bare && <span className={classes.word}>{stateWord(state)}</span>}
    </span>
  );
}
