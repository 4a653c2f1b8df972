import { act, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { rowOf } from '@/testing/fixtures';
import { useHeldOrder } from './useHeldOrder';

const A = rowOf({ id: 1, name: 'a', cpu_percent: 90 });
const B = rowOf({ id: 2, name: 'b', cpu_percent: 10 });

function rows(...devices: (typeof A)[]) {
  return {
    byIndex: new Map(devices.map((device, index) => [index, device])),
    byId: new Map(devices.map((device) => [device.id, device])),
  };
}

function stand() {
  return renderHook(({ list, key }) => useHeldOrder(list.byIndex, list.byId, key), {
    initialProps: { list: rows(A, B), key: 'by cpu' },
  });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('rows under the pointer', () => {
  it('stay where they are while their values change', () => {
    const { result, rerender } = stand();
    act(() => result.current.pointer.onPointerMove());
    const hotter = { ...B, cpu_percent: 99 };
    rerender({ list: rows(hotter, A), key: 'by cpu' });
    expect([result.current.rowAt(0)?.name, result.current.rowAt(1)?.name]).toEqual(['a', 'b']);
    expect(result.current.rowAt(1)?.cpu_percent).toBe(99);
  });

  it('take their new places when the pointer leaves', () => {
    const { result, rerender } = stand();
    act(() => result.current.pointer.onPointerMove());
    rerender({ list: rows(B, A), key: 'by cpu' });
    act(() => result.current.pointer.onPointerLeave());
    expect(result.current.rowAt(0)?.name).toBe('b');
  });

  it('take their new places when the pointer only rests there', () => {
    const { result, rerender } = stand();
    act(() => result.current.pointer.onPointerMove());
    rerender({ list: rows(B, A), key: 'by cpu' });
    act(() => {
      vi.advanceTimersByTime(16_000);
    });
    expect(result.current.rowAt(0)?.name).toBe('b');
  });

  it('are not held across another sort or filter', () => {
    const { result, rerender } = stand();
    act(() => result.current.pointer.onPointerMove());
    rerender({ list: rows(B, A), key: 'by name' });
    expect(result.current.rowAt(0)?.name).toBe('b');
  });
});
