import type { BrowserContext } from 'playwright-core';

/** A message of the `/console` namespace on its way between a page and the server. */
export interface Passing {
  readonly towards: 'page' | 'server';
  readonly name: string;
  readonly payload: Record<string, unknown>;
}
/** Returns what goes on instead; undefined lets it vanish. */
export type Tamper = (message: Passing) => Record<string, unknown> | undefined;

/**
 * Makes the server of these pages a hostile one: whatever it and the page tell each other passes through `tamper`,
 * which can be exchanged at any time. What matters here is what a server could do by itself.
 */
export async function makeServerHostile(context: BrowserContext): Promise<{ tamper: Tamper }> {
  const hostile = { tamper: (({ payload }) => payload) as Tamper };
  await context.routeWebSocket(/\/socket\.io\//, (page) => {
    const server = page.connectToServer();
    const pass = (towards: Passing['towards'], frame: string | Buffer): string | Buffer | undefined => {
      // Engine.IO 4 (message), Socket.IO 2 (event), the namespace, perhaps the number of an answer, and the event.
      const match = typeof frame === 'string' && /^(42\/console,\d*)(\[.*\])$/s.exec(frame);
      if (!match) return frame;
      const [name, payload] = JSON.parse(match[2] ?? '') as [string, Record<string, unknown>];
      const changed = hostile.tamper({ towards, name, payload });
      return changed && `${match[1]}${JSON.stringify([name, changed])}`;
    };
    page.onMessage((frame) => {
      const passed = pass('server', frame);
      if (passed !== undefined) server.send(passed);
    });
    server.onMessage((frame) => {
      const passed = pass('page', frame);
      if (passed !== undefined) page.send(passed);
    });
  });
  return hostile;
}
