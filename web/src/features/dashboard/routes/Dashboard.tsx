import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Age } from '@/components/ui/Age';
import { Bone, Loading } from '@/components/ui/Bone';
import { ChartPanel } from '@/components/ui/chart/ChartPanel';
import { ErrorState } from '@/components/ui/ErrorState';
import { NoPermission } from '@/components/ui/NoPermission';
import { PageHeader } from '@/components/ui/PageHeader';
import { RangeSwitch } from '@/components/ui/RangeSwitch';
import { Section } from '@/components/ui/Section';
import { EventList } from '@/features/events/components/EventList';
import { useCan, useTenant } from '@/features/session/hooks';
import { fittingRange, marksFrom } from '@/lib/chart';
import { TRAFFIC } from '@/lib/chartSpecs';
import { formatCounted } from '@/lib/units';
import { useTitle } from '@/lib/useTitle';
import { dashboardQuery } from '../api/getDashboard';
import { trafficQuery } from '../api/getTenantTraffic';
import { AttentionList } from '../components/AttentionList';
import { BusiestList } from '../components/BusiestList';
import { FirstRun } from '../components/FirstRun';
import { StateStrip } from '../components/StateStrip';
import classes from './Dashboard.module.css';

const route = getRouteApi('/inside/t/$slug/');

function Skeleton() {
  return (
    <Loading label="Loading the overview">
      <div className={classes.bones}>
        <Bone height={52} />
        <div className={classes.grid} style={{ padding: 0 }}>
          <Bone height={240} />
          <Bone height={240} />
        </div>
      </div>
    </Loading>
  );
}

/** One client: who needs me now, and does it flow? */
export function Dashboard() {
  const tenant = useTenant();
  const can = useCan();
  useTitle('Overview', tenant.name);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const allowed = can('devices.read');
  const dashboard = useQuery({ ...dashboardQuery(tenant.tenant_id), enabled: allowed });
  const day = useQuery({ ...trafficQuery(tenant.tenant_id, '24h'), enabled: allowed });
  // A client that began today is shown from its beginning, not as a day that is mostly empty.
  const range = search.range ?? (day.data ? fittingRange(day.data) : '24h');
  const traffic = useQuery({ ...trafficQuery(tenant.tenant_id, range), enabled: allowed });
  const marks = useMemo(
    () => marksFrom(dashboard.data?.events.filter((event) => event.severity === 'critical')),
    [dashboard.data?.events],
  );
  if (!allowed) return <NoPermission what="this client’s routers" role={tenant.role} />;

  const data = dashboard.data;
  return (
    <>
      <PageHeader
        title={tenant.name}
        meta={
          data && (
            <>
              {formatCounted(data.states.total, 'router')}, as of <Age at={data.as_of} />
            </>
          )
        }
      />
      {dashboard.isPending ? (
        <Skeleton />
      ) : !data ? (
        <ErrorState error={dashboard.error} what="the overview" onRetry={() => void dashboard.refetch()} />
      ) : data.states.total === 0 ? (
        <FirstRun dashboard={data} />
      ) : (
        <>
          <StateStrip dashboard={data} slug={tenant.slug} />
          <div className={classes.grid}>
            <div className={classes.column}>
              <Section
                title="Needs attention"
                aside={data.attention.length > 0 ? `${data.attention.length}, worst first` : undefined}
              >
                <AttentionList attention={data.attention} slug={tenant.slug} />
              </Section>
              <ChartPanel
                spec={TRAFFIC}
                range={range}
                query={traffic}
                marks={marks}
                height={200}
                syncKey="tenant"
                actions={
                  <RangeSwitch
                    value={range}
                    onChange={(next) => void navigate({ search: { range: next }, replace: true })}
                  />
                }
              />
            </div>
            <div className={classes.column}>
              <Section title="Busiest now">
                <BusiestList busiest={data.busiest} slug={tenant.slug} />
              </Section>
              <Section
                title="Recent events"
                aside={
                  <Link to="/t/$slug/events" params={{ slug: tenant.slug }}>
                    All events
                  </Link>
                }
              >
                {data.events.length === 0 ? (
                  <p className={classes.none}>Nothing has happened yet.</p>
                ) : (
                  <EventList events={data.events.slice(0, 10)} slug={tenant.slug} />
                )}
              </Section>
            </div>
          </div>
        </>
      )}
    </>
  );
}
