import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== undefined) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time, one tick per second, one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(
    subscribe,
    () => {
      // Without a running timer the value would be as old as the last unsubscribe.
      if (timer === undefined) nowMs = Date.now();
      return Math.floor(nowMs / 1000) * 1000;
    },
    () => 0,
  );
}
