import { Button } from '@mantine/core';
import { IconDoorEnter } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useLeaveTenant } from '@/features/platform/api/leaveTenant';
import type { SessionTenant } from '@/features/session/hooks';
import { sessionKeys } from '@/features/session/keys';
import { formatMoment, parseTime } from '@/lib/time';
import { formatDuration } from '@/lib/units';
import { useNow } from '@/lib/useNow';
import classes from './EnteredBanner.module.css';

/** Says that a super_admin stands in a client by a recorded entry, until when, and how to leave. */
export function EnteredBanner({ tenant, until }: { tenant: SessionTenant; until: string }) {
  const nowMs = useNow();
  const navigate = useNavigate();
  const leave = useLeaveTenant(tenant.tenant_id);
  const leftS = ((parseTime(until) ?? nowMs) - nowMs) / 1000;
  const queryClient = useQueryClient();
  const over = leftS <= 0;
  // The entry has ended by itself: the session no longer holds this client.
  useEffect(() => {
    if (over) void queryClient.invalidateQueries({ queryKey: sessionKeys.session });
  }, [over, queryClient]);
  return (
    <div className={classes.banner} role="status">
      <IconDoorEnter size={16} aria-hidden />
      <span>
        You entered <strong>{tenant.name}</strong> as super admin, until {formatMoment(until, nowMs)} (
        {formatDuration(leftS)} left). What you do is in this client’s audit trail.
      </span>
      <Button
        size="compact-sm"
        variant="default"
        loading={leave.isPending}
        onClick={() => leave.mutate(undefined, { onSuccess: () => void navigate({ to: '/' }) })}
      >
        Leave
      </Button>
    </div>
  );
}
