import { useCallback, useEffect, useRef, useState } from 'react';
import type { DeviceRow } from './columns';

/** A pointer that has not moved for this long is only resting there. */
const REST_MS = 15_000;

type Rows = ReadonlyMap<number, DeviceRow>;

/**
 * While someone points at the list its rows stay where they are: values change in place, the order does not.
 * It is caught up with when the pointer leaves or rests, and whenever another list is asked for.
 */
export function useHeldOrder(byIndex: Rows, byId: Rows, listKey: string) {
  const [held, setHeld] = useState<{ key: string; rows: Rows } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const release = useCallback(() => {
    clearTimeout(timer.current);
    setHeld(null);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);

  const hold = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(release, REST_MS);
    if (held?.key !== listKey) setHeld({ key: listKey, rows: new Map(byIndex) });
  };
  const rows = held?.key === listKey ? held.rows : null;
  const rowAt = (index: number): DeviceRow | null => {
    const kept = rows?.get(index);
    if (kept) return byId.get(kept.id) ?? kept;
    return byIndex.get(index) ?? null;
  };
  return { rowAt, pointer: { onPointerMove: hold, onPointerLeave: release } };
}
