import type { AuditFilter } from './filter';

export const auditKeys = {
  all: (tenantId: number) => ['tenant', tenantId, 'audit'] as const,
  list: (tenantId: number, filter: AuditFilter) => ['tenant', tenantId, 'audit', 'list', filter] as const,
  verification: (tenantId: number) => ['tenant', tenantId, 'audit-verification'] as const,
};
