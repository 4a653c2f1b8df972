import { IconZoomQuestion } from '@tabler/icons-react';
import { Outlet } from '@tanstack/react-router';
import { LinkButton } from '@/components/ui/LinkButton';
import { EmptyState } from '@/components/ui/EmptyState';
import { EnterGate } from '@/features/platform/components/EnterGate';
import { useCan, useMaybeTenant } from '@/features/session/hooks';
import { useLive } from '@/features/live/useLive';

function Inside({ tenantId }: { tenantId: number }) {
  useLive(tenantId);
  // A new client is a new tree: nothing of the last one stays on screen.
  return <Outlet key={tenantId} />;
}

/** Opens a client to those who may; shows others the way in, or that there is none. */
export function TenantGate() {
  const tenant = useMaybeTenant();
  const can = useCan();
  if (tenant) return <Inside tenantId={tenant.tenant_id} />;
  if (can('platform.enter')) return <EnterGate />;
  return (
    <EmptyState
      icon={<IconZoomQuestion size={28} stroke={1.5} aria-hidden />}
      title="There is no such client among yours"
      action={
        <LinkButton variant="default" to="/">
          Go to all clients
        </LinkButton>
      }
    >
      The address may be wrong, or you are no longer a member of it. An admin of the client can add you, under
      People.
    </EmptyState>
  );
}
