import type { Schema } from '@/api/client';

export type DeviceState = Schema<'DeviceRow'>['state'];

const WORDS: Record<DeviceState, string> = {
  online: 'Online',
  offline: 'Offline',
  stale: 'Stale',
  unknown: 'Unknown',
  needs_credentials: 'Needs credentials',
  certificate_changed: 'Certificate changed',
  disabled: 'Disabled',
};

export const DEVICE_STATES = Object.keys(WORDS) as DeviceState[];

export function stateWord(state: DeviceState): string {
  return WORDS[state];
}
