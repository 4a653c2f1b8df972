import { formatDbm, signalQuality } from '@/lib/units';
import classes from './SignalMark.module.css';

/** Signal as bars, word and value. */
export function SignalMark({ dbm }: { dbm: number | null }) {
  const { word, level } = signalQuality(dbm);
  return (
    <span className={classes.mark} data-level={level}>
      <svg width="16" height="12" viewBox="0 0 16 12" aria-hidden>
        {[1, 2, 3, 4].map((bar) => (
          <rect
            key={bar}
            x={(bar - 1) * 4}
            y={12 - bar * 3}
            width="3"
            height={bar * 3}
            rx="0.8"
            fill="currentColor"
            opacity={bar <= level ? 1 : 0.22}
          />
        ))}
      </svg>
      <span className={classes.value}>{formatDbm(dbm)}</span>
      <span className={classes.word}>{word}</span>
    </span>
  );
}
