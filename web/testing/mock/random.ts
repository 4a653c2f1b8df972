/** A small seeded generator (mulberry32): the mock's world is the same at every start. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function hash(text: string): number {
  let value = 2_166_136_261;
  for (const letter of text) value = Math.imul(value ^ letter.charCodeAt(0), 16_777_619);
  return value >>> 0;
}

export function hex(seed: number, length: number): string {
  const random = createRandom(seed);
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
}

/** Noise that is smooth in time: the same moment always gives the same value. */
export function wave(seed: number, atS: number, periodS: number): number {
  const phase = (seed % 1000) / 1000;
  const slow = Math.sin((atS / periodS + phase) * 2 * Math.PI);
  const fast = Math.sin((atS / (periodS / 7.3) + phase * 3) * 2 * Math.PI);
  const jitter = createRandom(seed ^ Math.floor(atS / 60))() - 0.5;
  return slow * 0.6 + fast * 0.25 + jitter * 0.3;
}

/** 0 to 1: low before dawn, high in the evening. */
export function daylight(atS: number): number {
  const hour = (atS / 3600) % 24;
  return 0.18 + 0.82 * Math.max(0, Math.sin(((hour - 5) / 19) * Math.PI)) ** 1.4;
}
