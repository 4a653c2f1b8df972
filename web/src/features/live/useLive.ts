import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { createApplier } from './apply';
import { parseHint } from './hint';
import { shareStream } from './share';
import { setLiveStatus } from './status';
import type { LiveStatus } from './stream';

/** A tab that nobody has looked at for this long lets its stream go, and takes it up when it is seen again. */
const HIDDEN_MS = 60_000;

/** Keeps this client's queries fresh by the live stream for as long as the component stands. */
export function useLive(tenantId: number): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    const applier = createApplier(queryClient, tenantId);
    let stream: AbortController | null = null;
    let hiding: ReturnType<typeof setTimeout> | undefined;
    let broken = false;

    const onStatus = (status: LiveStatus) => {
      setLiveStatus(status);
      if (status === 'reconnecting') broken = true;
      // What was said while the line was down is lost: ask for everything on screen.
      if (status === 'live' && broken) {
        broken = false;
        void queryClient.invalidateQueries({ queryKey: ['tenant', tenantId] });
      }
    };
    const open = () => {
      if (stream) return;
      stream = new AbortController();
      shareStream({
        tenantId,
        signal: stream.signal,
        onStatus,
        onData: (data) => {
          const hint = parseHint(data);
          if (hint) applier.apply(hint);
        },
      });
    };
    const close = () => {
      stream?.abort();
      stream = null;
      broken = true;
    };
    const onVisibility = () => {
      clearTimeout(hiding);
      if (document.visibilityState === 'hidden') hiding = setTimeout(close, HIDDEN_MS);
      else open();
    };

    document.addEventListener('visibilitychange', onVisibility);
    open();
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      clearTimeout(hiding);
      close();
      applier.stop();
    };
  }, [queryClient, tenantId]);
}
