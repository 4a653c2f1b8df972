import { Link } from '@tanstack/react-router';
import type { Schema } from '@/api/client';
import { Age } from '@/components/ui/Age';
import classes from './EventList.module.css';

const GLYPHS = { critical: 'Critical', warning: 'Warning', info: 'Information' } as const;

function Glyph({ severity }: { severity: Schema<'Event'>['severity'] }) {
  return (
    <svg
      width="10"
      height="10"
      viewBox="0 0 10 10"
      role="img"
      aria-label={GLYPHS[severity]}
      className={classes.glyph}
      data-severity={severity}
    >
      {severity === 'critical' && <rect x="0.5" y="0.5" width="9" height="9" rx="2" fill="currentColor" />}
      {severity === 'warning' && <path d="M5 0.8L9.4 9H0.6z" fill="currentColor" />}
      {severity === 'info' && <circle cx="5" cy="5" r="2.4" fill="currentColor" />}
    </svg>
  );
}

interface EventListProps {
  events: readonly Schema<'Event'>[];
  slug: string;
  /** On a router's own page its name says nothing. */
  withDevice?: boolean;
}

/** What happened, newest first. */
export function EventList({ events, slug, withDevice = true }: EventListProps) {
  return (
    <ul className={classes.list}>
      {events.map((event) => (
        <li key={event.id} className={classes.line}>
          <Glyph severity={event.severity} />
          <span className={classes.words}>
            {withDevice && event.device_id !== null && (
              <Link
                to="/t/$slug/devices/$deviceId/overview"
                params={{ slug, deviceId: event.device_id }}
                className={classes.device}
              >
                {event.device_name ?? `Device ${event.device_id}`}
              </Link>
            )}
            <span>{event.message}</span>
          </span>
          <span className={classes.age}>
            <Age at={event.at} bare />
          </span>
        </li>
      ))}
    </ul>
  );
}
