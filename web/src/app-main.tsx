import './styles/app.css';
import { apiRoutes, GuruError } from '@guruconnect/shared';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { createAppRouter } from './app/router.tsx';
import { WarmViewers } from './app/warm-viewers.ts';
import { WarmViewersContext } from './app/warm-viewers-context.ts';
import { Toaster } from './components/toaster.tsx';
import { createApiClient } from './lib/api-client.ts';
import { ApiContext } from './lib/api-context.ts';
import { followTheme } from './lib/appearance-store.ts';
import { createConsoleConnection } from './lib/console-connection.ts';
import { ConsoleContext } from './lib/console-context.ts';
import { createSessionFeed } from './lib/session-feed.ts';
import { SessionFeedContext } from './lib/session-feed-context.ts';
import { configureZodWithoutEval } from './lib/zod-without-eval.ts';

configureZodWithoutEval();
followTheme();
const api = createApiClient({ fetch: window.fetch.bind(window), routes: apiRoutes });
const connection = createConsoleConnection();
const feed = createSessionFeed(connection);
const viewers = new WarmViewers({
  makeHeld: async (sessionId) => {
    const { createViewer } = await import('./features/viewer/create-viewer.ts');
    // Its page as well: the click then waits for nothing.
    void import('./app/session-route.tsx');
    return createViewer({ sessionId, mode: 'control', isHeld: true, connection, api });
  },
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
});
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // Refusals stay refusals; only a server that did not answer is asked again.
      retry: (failures, error) => failures < 2 && error instanceof GuruError && error.code === 'unavailable',
    },
  },
});
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <ApiContext value={api}>
          <ConsoleContext value={connection}>
            <SessionFeedContext value={feed}>
              <WarmViewersContext value={viewers}>
                <RouterProvider router={createAppRouter()} />
              </WarmViewersContext>
              <Toaster />
            </SessionFeedContext>
          </ConsoleContext>
        </ApiContext>
      </QueryClientProvider>
    </StrictMode>,
  );
}
