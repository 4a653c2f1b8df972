import { IconLock } from '@tabler/icons-react';
import { EmptyState } from './EmptyState';

/** Shown before asking the server, when the session already says no. */
export function NoPermission({ what, role }: { what: string; role: string }) {
  return (
    <EmptyState icon={<IconLock size={28} stroke={1.5} aria-hidden />} title={`You may not see ${what}`}>
      You are signed in here as {role.replace('_', ' ')}. An admin of this client can grant it, under People.
    </EmptyState>
  );
}
