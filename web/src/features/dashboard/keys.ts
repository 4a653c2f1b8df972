import type { Range } from '@/lib/search';

export const dashboardKeys = {
  dashboard: (tenantId: number) => ['tenant', tenantId, 'dashboard'] as const,
  traffic: (tenantId: number, range?: Range) =>
    ['tenant', tenantId, 'traffic', ...(range ? [range] : [])] as const,
};
