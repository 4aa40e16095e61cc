import '../../src/styles/app.css';
import { createRoot } from 'react-dom/client';
import { createViewer } from '../../src/features/viewer/create-viewer.ts';
import { ViewerPage } from '../../src/features/viewer/viewer-page.tsx';
import type { ApiClient } from '../../src/lib/api-client.ts';
import { ScriptedConsole } from './scripted-console.ts';

declare global {
  interface Window {
    server: ScriptedConsole;
  }
}

const search = new URLSearchParams(location.search);
const server = new ScriptedConsole({
  width: Number(search.get('width') ?? 1280),
  height: Number(search.get('height') ?? 720),
});
server.consent = (search.get('consent') ?? 'control') as ScriptedConsole['consent'];
const machine = search.get('machine');
if (machine) {
  server.view = {
    ...server.view,
    origin: 'machine',
    machineId: server.view.id,
    name: machine,
    consentPolicy: { kind: 'ask', timeoutSeconds: 30, otherwise: 'allow' },
  };
}
server.agent.tracks = Number(search.get('tracks') ?? 2);
if (server.consent === 'view') server.agent.capabilities = ['view'];
server.agent.tampering = (search.get('tampering') ?? 'none') as ScriptedConsole['agent']['tampering'];
window.server = server;
document.documentElement.classList.toggle('dark', search.get('theme') === 'dark');

const api = {
  call: async (name: string, input?: { body?: object }) => server.call(name, input?.body),
  onSignedOut: () => () => undefined,
} as unknown as ApiClient;

const viewer = createViewer({
  sessionId: server.view.id,
  mode: search.get('mode') === 'view' ? 'view' : 'control',
  connection: server.connection,
  api,
});
const root = document.getElementById('root');
if (root) createRoot(root).render(<ViewerPage viewer={viewer} />);
server.setOnline(true);
