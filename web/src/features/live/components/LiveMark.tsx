import { Tooltip } from '@mantine/core';
import { useLiveStatus } from '../status';
import classes from './LiveMark.module.css';

const WORDS = {
  live: { word: 'Live', hint: 'Values arrive as routers are polled.' },
  connecting: { word: 'Connecting', hint: 'Opening the live stream.' },
  reconnecting: { word: 'Reconnecting', hint: 'The live stream broke. Each value shows its age.' },
};

/** Whether what one sees moves by itself. */
export function LiveMark({ slim }: { slim: boolean }) {
  const status = useLiveStatus();
  const { word, hint } = WORDS[status];
  return (
    <Tooltip label={hint} position="right">
      <div
        className={classes.mark}
        data-status={status}
        role="status"
        aria-label={`Live updates: ${word.toLowerCase()}`}
      >
        <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden className={classes.dot}>
          {status === 'live' ? (
            <circle cx="4" cy="4" r="3" fill="currentColor" />
          ) : (
            <circle
              cx="4"
              cy="4"
              r="3"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.5"
              strokeDasharray="2 1.2"
            />
          )}
        </svg>
        {!slim && word}
      </div>
    </Tooltip>
  );
}
