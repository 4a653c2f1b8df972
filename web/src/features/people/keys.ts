export const peopleKeys = { list: (tenantId: number) => ['tenant', tenantId, 'people'] as const };
