import { StateMark } from '@/components/ui/StateMark';
import { formatAge, formatAgo } from '@/lib/time';
import { useNow } from '@/lib/useNow';
import classes from './DeviceTable.module.css';
import type { DeviceRow } from './columns';

/** The state in word and shape; why, since when and how old the values are, on hover. */
export function StateCell({ device }: { device: DeviceRow }) {
  const nowMs = useNow();
  const why = [
    device.state_reason,
    device.state_since === null ? null : `since ${formatAgo(device.state_since, nowMs)}`,
    device.last_poll_at === null ? 'never polled' : `last polled ${formatAgo(device.last_poll_at, nowMs)}`,
  ];
  const aged = device.state !== 'online' && device.state !== 'disabled' && device.state_since !== null;
  return (
    <span className={classes.state} title={why.filter(Boolean).join(', ')}>
      <StateMark state={device.state} since={device.state_since} nowMs={nowMs} />
      {aged && <span className={classes.since}>{formatAge(device.state_since, nowMs)}</span>}
    </span>
  );
}
