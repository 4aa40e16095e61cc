import './styles/app.css';
import { apiRoutes, GuruError, type Me } from '@guruconnect/shared';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { MachineStarts } from './app/machine-starts.ts';
import { MachineStartsContext } from './app/machine-starts-context.ts';
import { createAppRouter } from './app/router.tsx';
import { WarmViewers } from './app/warm-viewers.ts';
import { WarmViewersContext } from './app/warm-viewers-context.ts';
import { Toaster } from './components/toaster.tsx';
import { createApiClient } from './lib/api-client.ts';
import { ApiContext } from './lib/api-context.ts';
import { followTheme } from './lib/appearance-store.ts';
import { createConsoleConnection } from './lib/console-connection.ts';
import { ConsoleContext } from './lib/console-context.ts';
import { createMachineFeed } from './lib/machine-feed.ts';
import { MachineFeedContext } from './lib/machine-feed-context.ts';
import { createSessionFeed } from './lib/session-feed.ts';
import { SessionFeedContext } from './lib/session-feed-context.ts';
import { configureZodWithoutEval } from './lib/zod-without-eval.ts';

configureZodWithoutEval();
followTheme();
const api = createApiClient({ fetch: window.fetch.bind(window), routes: apiRoutes });
const connection = createConsoleConnection();
const feed = createSessionFeed(connection);
const after = (ms: number, task: () => void) => {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
};
const machines = createMachineFeed({ connection, after });
const viewers = new WarmViewers({
  makeHeld: async (sessionId) => {
    const { createViewer } = await import('./features/viewer/create-viewer.ts');
    // Its page as well: the click then waits for nothing.
    void import('./app/session-route.tsx');
    return createViewer({ sessionId, mode: 'control', isHeld: true, connection, api });
  },
  after,
});
const starts = new MachineStarts({
  connect: (machineId) => {
    const visibility = queries.getQueryData<Me>(['me'])?.preferences.sessionVisibility;
    return api.call('connectMachine', { params: { machineId }, body: visibility ? { visibility } : {} });
  },
  loadViewer: async () => {
    void import('./app/session-route.tsx');
    const { createViewer } = await import('./features/viewer/create-viewer.ts');
    return (known) => {
      feed.put(known);
      const mode = known.rights.control ? 'control' : 'view';
      const viewer = createViewer({ sessionId: known.id, known, mode, connection, api });
      viewers.adopt(known.id, viewer);
    };
  },
});
const queries = new QueryClient({
  defaultOptions: {
    // The server may be in the same network, or on this computer: whether there is another one says nothing.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
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
              <MachineFeedContext value={machines}>
                <WarmViewersContext value={viewers}>
                  <MachineStartsContext value={starts}>
                    <RouterProvider router={createAppRouter()} />
                  </MachineStartsContext>
                </WarmViewersContext>
              </MachineFeedContext>
              <Toaster />
            </SessionFeedContext>
          </ConsoleContext>
        </ApiContext>
      </QueryClientProvider>
    </StrictMode>,
  );
}
