import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { RouterProvider, type RouterHistory } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { onSessionExpired, onStaleToken } from '@/api/client';
import { sessionKeys } from '@/features/session/keys';
import { createQueryClient } from './queryClient';
import { createAppRouter } from './router';
import { cssVariables, theme } from './theme';

const colourScheme = localStorageColorSchemeManager({ key: 'drover-colour-scheme' });

interface AppProps {
  /** Tests bring their own, without retries. */
  queryClient?: QueryClient;
  history?: RouterHistory;
  env?: 'default' | 'test';
}

export function App({ queryClient: given, history, env = 'default' }: AppProps) {
  const [queryClient] = useState(() => given ?? createQueryClient());
  const [router] = useState(() => createAppRouter(queryClient, history));

  // The shell leads from a session that is over to the sign-in.
  useEffect(
    () =>
      onSessionExpired(() => {
        if (queryClient.getQueryData(sessionKeys.session) != null)
          queryClient.setQueryData(sessionKeys.session, null);
      }),
    [queryClient],
  );

  useEffect(
    () => onStaleToken(() => void queryClient.invalidateQueries({ queryKey: sessionKeys.session })),
    [queryClient],
  );

  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colourScheme}
      env={env}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Notifications position="bottom-right" limit={4} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
