import './styles/portal.css';
import { normalizeSessionCode, portalRoutes } from '@guruconnect/shared';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createSeatStore } from './features/portal/guest-seat.ts';
import { PortalApp } from './features/portal/portal-app.tsx';
import { createPortalFlow } from './features/portal/portal-flow.ts';
import { solveOffThread } from './features/portal/solve-off-thread.ts';
import { createApiClient } from './lib/api-client.ts';
import { configureZodWithoutEval } from './lib/zod-without-eval.ts';

configureZodWithoutEval();
const flow = createPortalFlow({
  api: createApiClient({ fetch: window.fetch.bind(window), routes: portalRoutes }),
  seats: createSeatStore(sessionStorage),
  solve: solveOffThread,
  now: Date.now,
});
const linkCode = /^\/join\/([^/]+)\/?$/.exec(location.pathname)?.[1];
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <PortalApp flow={flow} linkCode={linkCode && normalizeSessionCode(linkCode)} />
    </StrictMode>,
  );
}
