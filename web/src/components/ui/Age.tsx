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

/** How long ago, ticking; the whole moment on hover (the browser's own tooltip: a table has hundreds of these). */
export function Age({ at, bare = false, never = '–', stale = false }: AgeProps) {
  const nowMs = useNow();
  if (!at) return <span className={classes.never}>{never}</span>;
  return (
    <time dateTime={at} title={formatAbsolute(at)} className={classes.age} data-stale={stale || undefined}>
      {bare ? formatAge(at, nowMs) : formatAgo(at, nowMs)}
    </time>
  );
}
