export const eventKeys = { all: (tenantId: number) => ['tenant', tenantId, 'events'] as const };
