import { Tooltip } from '@mantine/core';
import { formatAbsolute, formatAge, formatAgo } from '@/lib/time';
import { useNow } from '@/lib/useNow';
import classes from './Age.module.css';

interface AgeProps {
  at: string | null | undefined;
  /** "12 s" instead of "12 s ago". */
  bare?: boolean;
  /** Shown when there is no time at all. */
  never?: string;
  stale?: boolean;
}

/** How long ago, ticking; the whole moment on hover. */
export function Age({ at, bare = false, never = '–', stale = false }: AgeProps) {
  const nowMs = useNow();
  if (!at) return <span className={classes.never}>{never}</span>;
  return (
    <Tooltip label={formatAbsolute(at)}>
      <time dateTime={at} className={classes.age} data-stale={stale || undefined}>
        {bare ? formatAge(at, nowMs) : formatAgo(at, nowMs)}
      </time>
    </Tooltip>
  );
}
