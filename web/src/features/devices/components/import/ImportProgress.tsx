import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Bone, Loading } from '@/components/ui/Bone';
import { ErrorState } from '@/components/ui/ErrorState';
import { FormError } from '@/components/ui/FormError';
import { LinkButton } from '@/components/ui/LinkButton';
import { formatCounted } from '@/lib/units';
import { useConfirmImport } from '../../api/confirmImport';
import { importQuery } from '../../api/getImport';
import { useStartImport } from '../../api/startImport';
import { isMoving, isWaiting, summary } from '../../importRows';
import { deviceKeys } from '../../keys';
import classes from './import.module.css';
import { ImportRows } from './ImportRows';

interface ImportProgressProps {
  tenantId: number;
  slug: string;
  id: string;
  onAgain: () => void;
}

/** Steps two to four: preview, connecting, confirming, result. A reload comes back to where it stands. */
export function ImportProgress({ tenantId, slug, id, onAgain }: ImportProgressProps) {
  const query = useQuery(importQuery(tenantId, id));
  const start = useStartImport(tenantId, id);
  const confirm = useConfirmImport(tenantId, id);
  const queryClient = useQueryClient();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const done = query.data?.rows.filter((row) => row.state === 'done').length ?? 0;
  useEffect(() => {
    if (done > 0) void queryClient.invalidateQueries({ queryKey: deviceKeys.pages(tenantId) });
  }, [done, queryClient, tenantId]);

  if (query.isPending) {
    return (
      <Loading label="Loading the import">
        <div className={classes.bones}>
          <Bone height={240} />
        </div>
      </Loading>
    );
  }
  if (query.isError)
    return <ErrorState error={query.error} what="this import" onRetry={() => void query.refetch()} />;

  const { rows, state } = query.data;
  const ready = rows.filter((row) => row.state === 'ready').length;
  const waiting = rows.filter(isWaiting);
  const chosen = waiting.flatMap((row) =>
    row.enrolment_id !== null && picked.has(row.enrolment_id) ? [row.enrolment_id] : [],
  );
  const over = state === 'started' && !rows.some(isMoving) && waiting.length === 0;

  return (
    <>
      <div className={classes.bar}>
        <span role="status" className={classes.summary}>
          {summary(rows)}
        </span>
        {state === 'preview' && (
          <Button disabled={ready === 0} loading={start.isPending} onClick={() => start.mutate()}>
            Connect to {formatCounted(ready, 'router')}
          </Button>
        )}
        {waiting.length > 0 && (
          <Button
            disabled={chosen.length === 0}
            loading={confirm.isPending}
            onClick={() => confirm.mutate(chosen, { onSuccess: () => setPicked(new Set()) })}
          >
            Confirm and add {formatCounted(chosen.length, 'router')}
          </Button>
        )}
        {over && (
          <LinkButton to="/t/$slug/devices" params={{ slug }}>
            Go to the devices
          </LinkButton>
        )}
        <Button variant="default" onClick={onAgain}>
          {over ? 'Import more' : 'Start over'}
        </Button>
      </div>
      {waiting.length > 0 && (
        <p className={classes.lead}>
          No password has been sent yet. Tick the rows whose keys are these routers’ own: Drover trusts them
          from now on, and stops at once if one ever changes.
        </p>
      )}
      <div className={classes.error}>
        <FormError error={start.error ?? confirm.error} />
      </div>
      <ImportRows rows={rows} slug={slug} picked={picked} onPick={setPicked} />
    </>
  );
}
