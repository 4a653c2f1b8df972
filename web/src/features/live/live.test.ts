import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deviceKeys } from '@/features/devices/keys';
import { createApplier } from './apply';
import { parseHint } from './hint';
import { holdStream, type LiveStatus } from './stream';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a hint', () => {
  it('is read from the stream’s JSON', () => {
    expect(
      parseHint('{"kind":"device.polled","device_id":7,"ref":null,"at":"2026-11-24T14:00:00Z"}'),
    ).toEqual({
      kind: 'device.polled',
      deviceId: 7,
      ref: null,
    });
  });

  it.each(['', 'nonsense', '[]', 'null', '{"kind":"of.tomorrow"}'])(
    'is ignored when it is not known: %s',
    (text) => {
      expect(parseHint(text)).toBeNull();
    },
  );
});

describe('applying hints', () => {
  it('asks again for a list once, however many routers were polled', () => {
    const queryClient = new QueryClient();
    const invalidate = vi.spyOn(queryClient, 'invalidateQueries').mockResolvedValue();
    const { apply } = createApplier(queryClient, 2);
    for (let id = 1; id <= 500; id += 1) apply({ kind: 'device.polled', deviceId: id, ref: null });
    vi.advanceTimersByTime(60_000);
    const pages = JSON.stringify(deviceKeys.pages(2));
    expect(
      invalidate.mock.calls.filter(([filter]) => JSON.stringify(filter?.queryKey) === pages),
    ).toHaveLength(1);
  });

  it('asks for nothing more once it has been stopped', () => {
    const queryClient = new QueryClient();
    const invalidate = vi.spyOn(queryClient, 'invalidateQueries').mockResolvedValue();
    const { apply, stop } = createApplier(queryClient, 2);
    apply({ kind: 'event.added', deviceId: 1, ref: null });
    stop();
    vi.advanceTimersByTime(60_000);
    expect(invalidate).not.toHaveBeenCalled();
  });

  it('moves an enrolment on within a blink', () => {
    const queryClient = new QueryClient();
    const invalidate = vi.spyOn(queryClient, 'invalidateQueries').mockResolvedValue();
    createApplier(queryClient, 2).apply({ kind: 'enrolment.changed', deviceId: null, ref: 'e1' });
    vi.advanceTimersByTime(100);
    expect(invalidate).toHaveBeenCalledWith({ queryKey: deviceKeys.enrolment(2, 'e1') });
  });
});

describe('the stream', () => {
  function body(): { stream: ReadableStream<Uint8Array>; say: (text: string) => void; end: () => void } {
    let out: ReadableStreamDefaultController<Uint8Array> | undefined;
    const stream = new ReadableStream<Uint8Array>({ start: (controller) => void (out = controller) });
    return {
      stream,
      say: (text) => out?.enqueue(new TextEncoder().encode(text)),
      end: () => out?.close(),
    };
  }

  it('passes on what it hears, and comes back with a pause when it breaks', async () => {
    const bodies = [body(), body()];
    let attempt = 0;
    const fetched = vi.fn(() => Promise.resolve(new Response(bodies[attempt++]?.stream)));
    vi.stubGlobal('fetch', fetched);
    const seen: string[] = [];
    const statuses: LiveStatus[] = [];
    const stop = new AbortController();
    void holdStream({
      url: '/live',
      signal: stop.signal,
      onData: (data) => seen.push(data),
      onStatus: (status) => statuses.push(status),
    });
    await vi.advanceTimersByTimeAsync(10);
    bodies[0]?.say('data: one\n\n');
    await vi.advanceTimersByTimeAsync(10);
    bodies[0]?.end();
    await vi.advanceTimersByTimeAsync(100);
    expect(fetched).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(fetched).toHaveBeenCalledTimes(2);
    expect(seen).toEqual(['one']);
    expect(statuses).toEqual(['connecting', 'live', 'reconnecting', 'live']);
    stop.abort();
  });

  it('gives up on a line that has been silent for longer than two heartbeats', async () => {
    const quiet = body();
    vi.stubGlobal('fetch', (_url: string, { signal }: { signal: AbortSignal }) =>
      Promise.resolve(new Response(quiet.stream.pipeThrough(new TransformStream(), { signal }))),
    );
    const statuses: LiveStatus[] = [];
    const stop = new AbortController();
    void holdStream({
      url: '/live',
      signal: stop.signal,
      onData: () => undefined,
      onStatus: (status) => statuses.push(status),
    });
    await vi.advanceTimersByTimeAsync(20_000);
    quiet.say(': heartbeat\n\n');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(statuses.at(-1)).toBe('live');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(statuses).toContain('reconnecting');
    stop.abort();
  });

  it('asks for nothing when its tab has left before its turn came', async () => {
    const fetched = vi.fn();
    vi.stubGlobal('fetch', fetched);
    await holdStream({
      url: '/live',
      signal: AbortSignal.abort(),
      onData: () => undefined,
      onStatus: () => undefined,
    });
    expect(fetched).not.toHaveBeenCalled();
  });
});
