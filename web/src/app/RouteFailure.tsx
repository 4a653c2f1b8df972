import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { ErrorState } from '@/components/ui/ErrorState';

/** A route that broke while it was drawn, or a piece of the app that could not be fetched. */
export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <ErrorState
      error={error}
      what="this page"
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}
