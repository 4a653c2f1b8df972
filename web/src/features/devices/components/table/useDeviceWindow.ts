import { keepPreviousData, useQueries, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { Schema } from '@/api/client';
import { devicePageQuery, PAGE_SIZE } from '../../api/listDevices';
import type { DeviceFilter } from '../../filter';
import type { DeviceRow } from './columns';

/** Outside the hook, so that it runs again only when a page has changed. */
function combine(results: UseQueryResult<Schema<'DevicePage'>>[]) {
  const byIndex = new Map<number, DeviceRow>();
  const byId = new Map<number, DeviceRow>();
  for (const { data } of results) {
    data?.devices.forEach((device, at) => {
      byIndex.set(data.offset + at, device);
      byId.set(device.id, device);
    });
  }
  return { head: results[0], byIndex, byId };
}

/** The pages of the table that are on screen; page 0 always, because it also tells the total. */
export function useDeviceWindow(tenantId: number, filter: DeviceFilter, first: number, last: number) {
  const pages = useMemo(() => {
    const wanted = new Set([0]);
    for (let page = Math.floor(first / PAGE_SIZE); page <= Math.floor(last / PAGE_SIZE); page += 1)
      wanted.add(page);
    return [...wanted];
  }, [first, last]);

  const { head, byIndex, byId } = useQueries({
    queries: pages.map((page) => ({
      ...devicePageQuery(tenantId, filter, page * PAGE_SIZE, PAGE_SIZE),
      placeholderData: page === 0 ? keepPreviousData : undefined,
    })),
    combine,
  });

  const refetch = useCallback(() => void head?.refetch(), [head]);
  return {
    total: head?.data?.total ?? null,
    byIndex,
    byId,
    error: head?.error ?? null,
    /** Another filter's rows are shown until the right ones are here. */
    isPlaceholder: head?.isPlaceholderData ?? false,
    refetch,
  };
}
