import type { DeviceFilter } from './filter';
import type { Range } from '@/lib/search';

/** Everything of a client begins with ['tenant', id], so that leaving it can drop it all. */
export const deviceKeys = {
  all: (tenantId: number) => ['tenant', tenantId, 'devices'] as const,
  pages: (tenantId: number) => ['tenant', tenantId, 'devices', 'page'] as const,
  page: (tenantId: number, filter: DeviceFilter, offset: number, limit: number) =>
    ['tenant', tenantId, 'devices', 'page', filter, offset, limit] as const,
  device: (tenantId: number, id: number) => ['tenant', tenantId, 'devices', 'one', id] as const,
  samples: (tenantId: number, id: number, range?: Range) =>
    ['tenant', tenantId, 'devices', 'one', id, 'samples', ...(range ? [range] : [])] as const,
  events: (tenantId: number, id: number) => ['tenant', tenantId, 'devices', 'one', id, 'events'] as const,
  interfaces: (tenantId: number, id: number) =>
    ['tenant', tenantId, 'devices', 'one', id, 'interfaces'] as const,
  interfaceSamples: (tenantId: number, id: number, interfaceId: number, range: Range) =>
    ['tenant', tenantId, 'devices', 'one', id, 'interfaces', interfaceId, 'samples', range] as const,
  wireless: (tenantId: number, id: number) => ['tenant', tenantId, 'devices', 'one', id, 'wireless'] as const,
  wirelessSamples: (tenantId: number, id: number, range: Range) =>
    ['tenant', tenantId, 'devices', 'one', id, 'wireless', 'samples', range] as const,
  groups: (tenantId: number) => ['tenant', tenantId, 'groups'] as const,
  tags: (tenantId: number) => ['tenant', tenantId, 'tags'] as const,
  enrolment: (tenantId: number, id: string) => ['tenant', tenantId, 'enrolments', id] as const,
  imports: (tenantId: number) => ['tenant', tenantId, 'imports'] as const,
  import: (tenantId: number, id: string) => ['tenant', tenantId, 'imports', id] as const,
};
