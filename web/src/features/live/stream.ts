import { createEventReader } from '@/lib/sse';

export type LiveStatus = 'connecting' | 'live' | 'reconnecting';

interface StreamOptions {
  url: string;
  signal: AbortSignal;
  onData: (data: string) => void;
  onStatus: (status: LiveStatus) => void;
}

/** The server sends a comment every 15 s: two missed ones mean that the line is dead, whatever TCP says. */
const SILENCE_MS = 35_000;
const BACKOFF_MS = [500, 1_000, 2_000, 5_000, 10_000, 20_000];

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const wake = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', wake, { once: true });
  });
}

async function readOnce({ url, signal, onData, onStatus }: StreamOptions): Promise<void> {
  // An event that has passed calls no listener: a lock may be granted after its tab has left.
  signal.throwIfAborted();
  const attempt = new AbortController();
  const stop = () => attempt.abort();
  signal.addEventListener('abort', stop, { once: true });
  let watchdog = setTimeout(stop, SILENCE_MS);
  try {
    const response = await fetch(url, { headers: { Accept: 'text/event-stream' }, signal: attempt.signal });
    if (!response.ok || !response.body) throw new Error(`live stream: ${response.status}`);
    onStatus('live');
    const feed = createEventReader(onData);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(watchdog);
      watchdog = setTimeout(stop, SILENCE_MS);
      feed(value);
    }
  } finally {
    clearTimeout(watchdog);
    signal.removeEventListener('abort', stop);
  }
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Holds one stream open until aborted, with back-off and jitter between attempts. */
export async function holdStream(options: StreamOptions): Promise<void> {
  const { signal, onStatus } = options;
  let failures = 0;
  onStatus('connecting');
  for (;;) {
    const startedAt = Date.now();
    try {
      await readOnce(options);
    } catch {
      // Any break is answered alike: wait, then try again. The mark says so.
    }
    if (isOver(signal)) return;
    failures = Date.now() - startedAt > 60_000 ? 0 : failures + 1;
    onStatus('reconnecting');
    const base = BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)] ?? 20_000;
    await pause(base * (0.75 + Math.random() / 2), signal);
    if (isOver(signal)) return;
  }
}
