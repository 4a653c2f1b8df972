export const configurationKeys = {
  lists: (tenantId: number, deviceId: number) => ['tenant', tenantId, 'snapshots', deviceId, 'list'] as const,
  text: (tenantId: number, deviceId: number, id: number) =>
    ['tenant', tenantId, 'snapshots', deviceId, 'text', id] as const,
  diff: (tenantId: number, deviceId: number, fromId: number, toId: number) =>
    ['tenant', tenantId, 'snapshots', deviceId, 'diff', fromId, toId] as const,
};
