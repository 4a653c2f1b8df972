import { Button } from '@mantine/core';
import { IconZoomQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { EmptyState } from '@/components/ui/EmptyState';

export function NotFound() {
  return (
    <EmptyState
      icon={<IconZoomQuestion size={28} stroke={1.5} aria-hidden />}
      title="There is no page at this address"
      action={
        <Button variant="default" component={Link} to="/">
          Go to all clients
        </Button>
      }
    >
      The link may be old, or part of the address is missing.
    </EmptyState>
  );
}
