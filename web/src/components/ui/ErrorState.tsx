import { Button } from '@mantine/core';
import { IconLock, IconPlugConnectedX, IconZoomQuestion } from '@tabler/icons-react';
import { asApiError } from '@/api/errors';
import { sentence } from '@/lib/words';
import classes from './states.module.css';

interface ErrorStateProps {
  error: unknown;
  /** What could not be shown: "the devices". */
  what: string;
  onRetry?: () => void;
  inline?: boolean;
}

/** A screen that could not be shown: what, why, retry, and the request's id. 403 says who can help. */
export function ErrorState({ error, what, onRetry, inline = false }: ErrorStateProps) {
  const { status, message, requestId } = asApiError(error);
  const kind = status === 403 ? 'permission' : status === 404 ? 'missing' : 'failure';
  const Icon = { permission: IconLock, missing: IconZoomQuestion, failure: IconPlugConnectedX }[kind];
  const title = {
    permission: `You may not see ${what}`,
    missing: `Drover can’t find ${what}`,
    failure: `Drover could not load ${what}`,
  }[kind];
  return (
    <div role="alert" className={classes[inline ? 'stateInline' : 'state']}>
      <Icon size={28} stroke={1.5} aria-hidden className={classes.stateIcon} />
      <h2 className={classes.stateTitle}>{title}</h2>
      <div className={classes.stateBody}>{sentence(message)}</div>
      {kind === 'permission' && (
        <div className={classes.stateBody}>An admin of this client can grant it, under People.</div>
      )}
      {requestId !== null && <div className={classes.requestId}>Request {requestId}</div>}
      {onRetry && (
        <div className={classes.stateActions}>
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </div>
  );
}
