export const platformKeys = {
  tenants: ['platform', 'tenants'] as const,
  job: (id: number) => ['platform', 'jobs', id] as const,
  audit: ['platform', 'audit'] as const,
};
