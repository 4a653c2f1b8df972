import { Link } from '@tanstack/react-router';
import type { Schema } from '@/api/client';
import { formatAbsolute, formatMoment } from '@/lib/time';
import { useNow } from '@/lib/useNow';
import { capitalised } from '@/lib/words';
import classes from './lists.module.css';

/** Who needs me now, worst first, with the reason in words. */
export function AttentionList({
  attention,
  slug,
}: {
  attention: readonly Schema<'Attention'>[];
  slug: string;
}) {
  const nowMs = useNow();
  if (attention.length === 0) return <p className={classes.calm}>Nothing needs you now.</p>;
  return (
    <ul className={classes.list}>
      {attention.map((line) => (
        <li key={`${line.device_id}${line.reason}`}>
          <Link
            to="/t/$slug/devices/$deviceId/overview"
            params={{ slug, deviceId: line.device_id }}
            className={classes.line}
            data-severity={line.severity}
          >
            <svg
              width="10"
              height="10"
              viewBox="0 0 10 10"
              role="img"
              aria-label={line.severity}
              className={classes.glyph}
            >
              {line.severity === 'critical' ? (
                <rect x="0.5" y="0.5" width="9" height="9" rx="2" fill="currentColor" />
              ) : (
                <path d="M5 0.8L9.4 9H0.6z" fill="currentColor" />
              )}
            </svg>
            <span className={classes.name}>{line.device_name}</span>
            <span className={classes.reason}>{capitalised(line.reason)}</span>
            {line.since !== null && (
              <span className={classes.since} title={formatAbsolute(line.since)}>
                since {formatMoment(line.since, nowMs)}
              </span>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
