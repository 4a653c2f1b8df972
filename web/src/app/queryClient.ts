import { QueryClient } from '@tanstack/react-query';
import { asApiError } from '@/api/errors';

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: true,
        // A refusal stays a refusal; only silence and the server's own failures are worth another try.
        retry: (count, error) => {
          const { status } = asApiError(error);
          return count < 2 && (status === 0 || status >= 500);
        },
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4000),
      },
      mutations: { retry: false },
    },
  });
}
