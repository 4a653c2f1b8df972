import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import classes from './code.module.css';

interface VirtualLinesProps {
  label: string;
  count: number;
  draw: (index: number) => ReactNode;
  /** Scrolls to this line when it changes. */
  goTo?: number | null;
}

/** Lines of any number; only those in sight are drawn, long ones wrap. */
export function VirtualLines({ label, count, draw, goTo = null }: VirtualLinesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => 20,
    overscan: 30,
  });
  const { scrollToIndex } = virtual;
  useEffect(() => {
    if (goTo !== null) scrollToIndex(goTo, { align: 'center' });
  }, [goTo, scrollToIndex]);
  return (
    <div ref={scroller} className={classes.scroller} role="region" aria-label={label} tabIndex={0}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((item) => (
          <div
            key={item.key}
            data-index={item.index}
            ref={virtual.measureElement}
            className={classes.row}
            style={{ transform: `translateY(${item.start}px)` }}
          >
            {draw(item.index)}
          </div>
        ))}
      </div>
    </div>
  );
}
