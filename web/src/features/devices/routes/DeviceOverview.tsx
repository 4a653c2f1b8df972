import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Bone, Loading } from '@/components/ui/Bone';
import { ChartPanel } from '@/components/ui/chart/ChartPanel';
import { ErrorState } from '@/components/ui/ErrorState';
import { RangeSwitch } from '@/components/ui/RangeSwitch';
import { Section } from '@/components/ui/Section';
import { LastChange } from '@/features/configuration/components/LastChange';
import { EventList } from '@/features/events/components/EventList';
import { useCan } from '@/features/session/hooks';
import { marksFrom, presentLines, type ChartSpec } from '@/lib/chart';
import { CPU, DISK, MEMORY, REPLY_TIME, TEMPERATURE, TRAFFIC } from '@/lib/chartSpecs';
import { deviceSamplesQuery } from '../api/getDeviceSamples';
import { deviceEventsQuery } from '../api/listDeviceEvents';
import { DeviceFacts } from '../components/device/DeviceFacts';
import { useDevice, useUsualRange } from '../hooks';
import classes from './DeviceOverview.module.css';

const route = getRouteApi('/inside/t/$slug/devices/$deviceId/overview');
const SYNC = 'device';
const ALWAYS: ReadonlySet<ChartSpec> = new Set([TRAFFIC, CPU, MEMORY, DISK]);

/** Is it well, what changed, what happened? */
export function DeviceOverview() {
  const { device, tenantId, slug } = useDevice();
  const can = useCan();
  const usual = useUsualRange();
  const { range = usual } = route.useSearch();
  const navigate = route.useNavigate();
  const samples = useQuery(deviceSamplesQuery(tenantId, device.id, range));
  const events = useQuery(deviceEventsQuery(tenantId, device.id));
  const marks = useMemo(() => marksFrom(events.data), [events.data]);
  // A router without a sensor has no chart of it; before the values are here every chart keeps its place.
  const specs = [TRAFFIC, CPU, MEMORY, DISK, TEMPERATURE, REPLY_TIME].filter(
    (spec) => ALWAYS.has(spec) || !samples.data || presentLines(spec, samples.data).length > 0,
  );

  return (
    <div className={classes.page}>
      <div className={classes.charts}>
        <div className={classes.range}>
          <span className={classes.hint}>Marks on the time axis are events</span>
          <RangeSwitch
            value={range}
            onChange={(next) => void navigate({ search: { range: next }, replace: true })}
          />
        </div>
        {specs.map((spec) => (
          <div key={spec.title} className={spec === TRAFFIC ? classes.whole : undefined}>
            <ChartPanel
              spec={spec}
              range={range}
              query={samples}
              marks={marks}
              height={spec === TRAFFIC ? 170 : 132}
              syncKey={SYNC}
            />
          </div>
        ))}
      </div>
      <div className={classes.side}>
        {can('backups.read') && (
          <Section title="Last change">
            <LastChange tenantId={tenantId} slug={slug} deviceId={device.id} />
          </Section>
        )}
        <Section title="Recent events">
          {events.isPending ? (
            <Loading label="Loading the events">
              <Bone height={120} />
            </Loading>
          ) : events.isError ? (
            <ErrorState inline error={events.error} what="the events" onRetry={() => void events.refetch()} />
          ) : events.data.length === 0 ? (
            <p className={classes.none}>Nothing has happened yet.</p>
          ) : (
            <EventList events={events.data.slice(0, 8)} slug={slug} withDevice={false} />
          )}
        </Section>
        <Section title="Details">
          <DeviceFacts device={device} />
        </Section>
      </div>
    </div>
  );
}
