import { Button } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Bone, Loading } from '@/components/ui/Bone';
import { EmptyState } from '@/components/ui/EmptyState';
import { ErrorState } from '@/components/ui/ErrorState';
import { PageHeader } from '@/components/ui/PageHeader';
import { useTenant } from '@/features/session/hooks';
import { formatDay } from '@/lib/time';
import { useNow } from '@/lib/useNow';
import { useTitle } from '@/lib/useTitle';
import { eventsQuery } from '../api/listEvents';
import { EventList } from '../components/EventList';
import classes from './Events.module.css';

/** What happened in this client, day by day. */
export function Events() {
  const tenant = useTenant();
  useTitle('Events', tenant.name);
  const nowMs = useNow();
  const events = useInfiniteQuery(eventsQuery(tenant.tenant_id));
  const all = events.data?.pages.flat() ?? [];
  const days = new Map<string, typeof all>();
  for (const event of all) {
    const day = formatDay(event.at, nowMs);
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return (
    <>
      <PageHeader title="Events" />
      {events.isPending ? (
        <Loading label="Loading the events">
          <div className={classes.page}>
            {Array.from({ length: 14 }, (_, line) => (
              <div key={line} style={{ padding: '7px 0' }}>
                <Bone height={16} />
              </div>
            ))}
          </div>
        </Loading>
      ) : events.isError ? (
        <ErrorState error={events.error} what="the events" onRetry={() => void events.refetch()} />
      ) : all.length === 0 ? (
        <EmptyState
          icon={<IconActivity size={28} stroke={1.5} aria-hidden />}
          title="Nothing has happened yet"
        >
          Routers going away and coming back, links, reboots and configuration changes are listed here as they
          happen.
        </EmptyState>
      ) : (
        <div className={classes.page}>
          {[...days].map(([day, list]) => (
            <section key={day} aria-label={day} className={classes.day}>
              <h2 className={classes.heading}>{day}</h2>
              <EventList events={list} slug={tenant.slug} />
            </section>
          ))}
          {events.hasNextPage && (
            <Button
              variant="default"
              loading={events.isFetchingNextPage}
              onClick={() => void events.fetchNextPage()}
            >
              Show older events
            </Button>
          )}
        </div>
      )}
    </>
  );
}
