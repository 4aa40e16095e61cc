import './styles/app.css';
import { apiRoutes, GuruError } from '@guruconnect/shared';
import { createViewer } from './features/viewer/create-viewer.ts';
import { signInPathFor } from './features/viewer/sign-in-path.ts';
import { createApiClient } from './lib/api-client.ts';
import { createConsoleConnection } from './lib/console-connection.ts';
import { configureZodWithoutEval } from './lib/zod-without-eval.ts';

/**
 * A session's own page. The connection to the machine is begun before anything is drawn: while React and the
 * toolbar are still being loaded, the server is asked and the peer is made.
 */
configureZodWithoutEval();
const api = createApiClient({ fetch: window.fetch.bind(window), routes: apiRoutes });
const connection = createConsoleConnection();
connection.connect();
const viewer = createViewer({
  sessionId: location.pathname.split('/').at(-1) ?? '',
  mode: new URLSearchParams(location.search).get('mode') === 'view' ? 'view' : 'control',
  connection,
  api,
});
// Fetches the token that ending a session needs; and who is not signed in can do nothing here.
api.call('me').catch((error: unknown) => {
  if (error instanceof GuruError && error.code === 'unauthenticated')
    location.replace(signInPathFor(location));
});

const root = document.getElementById('root');
if (root) void import('./app/draw-session.tsx').then(({ drawSession }) => drawSession(root, viewer));
