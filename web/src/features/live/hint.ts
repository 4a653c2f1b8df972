/** One line of the live stream: ids and a hint, never values. The stream is not part of the generated contract. */
export const HINT_KINDS = [
  'device.polled',
  'device.changed',
  'snapshot.taken',
  'event.added',
  'job.changed',
  'enrolment.changed',
] as const;

export interface Hint {
  kind: (typeof HINT_KINDS)[number];
  deviceId: number | null;
  ref: string | null;
}

/** A hint, or null for what this version does not know. */
export function parseHint(text: string): Hint | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof raw !== 'object' || raw === null) return null;
  const { kind, device_id: deviceId, ref } = raw as Record<string, unknown>;
  const known = HINT_KINDS.find((each) => each === kind);
  if (!known) return null;
  return {
    kind: known,
    deviceId: typeof deviceId === 'number' ? deviceId : null,
    ref: typeof ref === 'string' ? ref : null,
  };
}
