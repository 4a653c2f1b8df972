import { Link } from '@tanstack/react-router';
import type { Schema } from '@/api/client';
import { formatBps } from '@/lib/units';
import classes from './lists.module.css';

/** The routers that carry the most now, against the busiest of them. */
export function BusiestList({ busiest, slug }: { busiest: readonly Schema<'DeviceLoad'>[]; slug: string }) {
  const top = Math.max(1, ...busiest.map((each) => each.value));
  if (busiest.length === 0) return <p className={classes.calm}>No traffic has been measured yet.</p>;
  return (
    <ul className={classes.list}>
      {busiest.map((each) => (
        <li key={each.device_id}>
          <Link
            to="/t/$slug/devices/$deviceId/interfaces"
            params={{ slug, deviceId: each.device_id }}
            className={classes.line}
          >
            <span className={classes.name}>{each.name}</span>
            <span className={classes.bar} aria-hidden>
              <span style={{ width: `${(each.value / top) * 100}%` }} />
            </span>
            <span className={classes.amount}>{formatBps(each.value)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
