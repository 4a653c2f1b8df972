import { holdStream, type LiveStatus } from './stream';

interface ShareOptions {
  tenantId: number;
  signal: AbortSignal;
  onData: (data: string) => void;
  onStatus: (status: LiveStatus) => void;
}

type Message = { kind: 'data'; data: string } | { kind: 'status'; status: LiveStatus } | { kind: 'hello' };

/**
 * One stream per browser and client: a browser opens six connections per host, so the tabs elect one
 * of them (by a lock that ends with its tab) to read for all, and it passes on what it hears.
 */
export function shareStream({ tenantId, signal, onData, onStatus }: ShareOptions): void {
  const url = `/api/tenants/${tenantId}/live`;
  // Absent outside secure contexts: then each tab reads for itself.
  if (!('locks' in navigator) || !('BroadcastChannel' in globalThis)) {
    void holdStream({ url, signal, onData, onStatus });
    return;
  }
  const name = `drover-live-${tenantId}`;
  const channel = new BroadcastChannel(name);
  let status: LiveStatus = 'connecting';
  let leading = false;
  const say = (message: Message) => channel.postMessage(message);

  channel.onmessage = ({ data: message }: MessageEvent<Message>) => {
    if (message.kind === 'hello') {
      if (leading) say({ kind: 'status', status });
    } else if (!leading) {
      if (message.kind === 'data') onData(message.data);
      else onStatus(message.status);
    }
  };
  signal.addEventListener('abort', () => channel.close(), { once: true });
  onStatus(status);
  say({ kind: 'hello' });

  const lead = async () => {
    if (signal.aborted) return;
    leading = true;
    await holdStream({
      url,
      signal,
      onData: (data) => {
        onData(data);
        say({ kind: 'data', data });
      },
      onStatus: (next) => {
        if (signal.aborted) return;
        status = next;
        onStatus(next);
        say({ kind: 'status', status });
      },
    });
  };
  navigator.locks.request(name, { signal }, lead).catch(() => {
    // Aborted while waiting for its turn: the tab has left this client.
  });
}
