import '../../src/styles/app.css';
import { createRoot } from 'react-dom/client';
import { MemoryRouter, Route, Routes } from 'react-router';
import { ViewerPage } from '../../src/features/viewer/viewer-page.tsx';
import type { ApiClient } from '../../src/lib/api-client.ts';
import { ApiContext } from '../../src/lib/api-context.ts';
import { ConsoleContext } from '../../src/lib/console-context.ts';
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
if (server.consent === 'view') server.agent.capabilities = ['view'];
window.server = server;
document.documentElement.classList.toggle('dark', search.get('theme') === 'dark');

const api = {
  call: (name: string) => {
    server.asked.push({ name, payload: {} });
    const ended = { phase: 'ended', openedAt: 1, endedAt: 2, reason: 'technician-ended' } as const;
    server.change({ lifecycle: ended });
    return Promise.resolve(server.view);
  },
  onSignedOut: () => () => undefined,
} as unknown as ApiClient;

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <ApiContext value={api}>
      <ConsoleContext value={server.connection}>
        <MemoryRouter
          initialEntries={[`/app/session/${server.view.id}?mode=${search.get('mode') ?? 'control'}`]}
        >
          <Routes>
            <Route path="/app/session/:sessionId" element={<ViewerPage />} />
            <Route path="*" element={<p>Elsewhere</p>} />
          </Routes>
        </MemoryRouter>
      </ConsoleContext>
    </ApiContext>,
  );
}
server.setOnline(true);
