import type { DeviceState } from '@/lib/deviceState';
import type { DeviceSort, DevicesSearch } from '@/lib/search';

/** What the device table asks the server for. */
export interface DeviceFilter {
  q?: string | undefined;
  state?: DeviceState | undefined;
  group_id?: number | undefined;
  tag?: string | undefined;
  sort?: DeviceSort | undefined;
  order?: 'asc' | 'desc' | undefined;
}

export function filterFromSearch(search: DevicesSearch): DeviceFilter {
  const { q, state, group, tag, sort, order } = search;
  return { q, state, group_id: group, tag, sort, order };
}

export function isFiltered({ q, state, group_id, tag }: DeviceFilter): boolean {
  return q !== undefined || state !== undefined || group_id !== undefined || tag !== undefined;
}
