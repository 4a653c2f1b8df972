import type { Schema } from '@/api/client';

export type Role = Schema<'Person'>['role'];

export const ROLES: readonly { value: Role; label: string; may: string }[] = [
  { value: 'admin', label: 'Admin', may: 'Runs this client: people, and everything an operator does' },
  {
    value: 'operator',
    label: 'Operator',
    may: 'Adds and changes routers, takes backups, reads the audit trail',
  },
  { value: 'viewer', label: 'Viewer', may: 'Looks, and changes nothing; secrets stay masked' },
];

export function isRole(value: string | null): value is Role {
  return ROLES.some((role) => role.value === value);
}

export function roleLabel(role: string): string {
  return ROLES.find((each) => each.value === role)?.label ?? role.replace('_', ' ');
}
