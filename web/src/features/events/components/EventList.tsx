import { Link } from '@tanstack/react-router';
import type { Schema } from '@/api/client';
import { Age } from '@/components/ui/Age';
import { capitalised } from '@/lib/words';
import classes from './EventList.module.css';

type Event = Schema<'Event'>;
const GLYPHS = { critical: 'Critical', warning: 'Warning', info: 'Information' } as const;

function Glyph({ severity }: { severity: Event['severity'] }) {
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

/** The message with the router's name as a link in it; on that router's own page the name says nothing new. */
function Words({ event, slug, withDevice }: { event: Event; slug: string; withDevice: boolean }) {
  const { device_id: deviceId, device_name: name, message } = event;
  if (deviceId === null || name === null) return capitalised(message);
  const at = message.indexOf(name);
  if (!withDevice) return capitalised(at === 0 ? message.slice(name.length).trim() : message);
  const link = (
    <Link to="/t/$slug/devices/$deviceId/overview" params={{ slug, deviceId }} className={classes.device}>
      {name}
    </Link>
  );
  if (at < 0) {
    return (
      <>
        {link} {message}
      </>
    );
  }
  return (
    <>
      {capitalised(message.slice(0, at))}
      {link}
      {message.slice(at + name.length)}
    </>
  );
}

interface EventListProps {
  events: readonly Event[];
  slug: string;
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
            <Words event={event} slug={slug} withDevice={withDevice} />
          </span>
          <span className={classes.age}>
            <Age at={event.at} bare />
          </span>
        </li>
      ))}
    </ul>
  );
}
