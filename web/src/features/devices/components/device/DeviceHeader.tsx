import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Age } from '@/components/ui/Age';
import { PageHeader } from '@/components/ui/PageHeader';
import { StateMark } from '@/components/ui/StateMark';
import { useTenant } from '@/features/session/hooks';
import { formatAbsolute, formatMoment, isStale } from '@/lib/time';
import { formatDuration } from '@/lib/units';
import { useNow } from '@/lib/useNow';
import type { Device } from '../../hooks';
import { DeviceActions } from './DeviceActions';
import classes from './device.module.css';

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Is it well, what is it, how old is what I see. */
export function DeviceHeader({ device }: { device: Device }) {
  const tenant = useTenant();
  const nowMs = useNow();
  return (
    <PageHeader
      crumb={
        <Link to="/t/$slug/devices" params={{ slug: tenant.slug }}>
          Devices
        </Link>
      }
      title={device.name}
      meta={
        <>
          <div className={classes.state}>
            <StateMark state={device.state} since={device.state_since} nowMs={nowMs} />
            {device.state_since !== null && (
              <span className={classes.dim} title={formatAbsolute(device.state_since)}>
                since {formatMoment(device.state_since, nowMs)}
              </span>
            )}
          </div>
          <dl className={classes.facts}>
            <Fact name="Model">{device.model ?? '–'}</Fact>
            <Fact name="Serial">{device.serial ?? '–'}</Fact>
            <Fact name="RouterOS">{device.version ?? '–'}</Fact>
            <Fact name="Address">{device.address}</Fact>
            <Fact name="Uptime">{device.state === 'online' ? formatDuration(device.uptime_s) : '–'}</Fact>
            <Fact name={device.state === 'online' ? 'Values' : 'Last poll'}>
              <Age
                at={device.last_poll_at}
                never="none yet"
                stale={isStale(device.last_poll_at, nowMs, device.poll_interval_s)}
              />
            </Fact>
          </dl>
        </>
      }
      actions={<DeviceActions device={device} />}
    />
  );
}
