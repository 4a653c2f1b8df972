import { IconZoomQuestion } from '@tabler/icons-react';
import { LinkButton } from '@/components/ui/LinkButton';
import { EmptyState } from '@/components/ui/EmptyState';

export function NotFound() {
  return (
    <EmptyState
      icon={<IconZoomQuestion size={28} stroke={1.5} aria-hidden />}
      title="There is no page at this address"
      action={
        <LinkButton variant="default" to="/">
          Go to all clients
        </LinkButton>
      }
    >
      The link may be old, or part of the address is missing.
    </EmptyState>
  );
}
