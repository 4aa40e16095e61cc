import { expect, it } from 'vitest';
import { startSession } from './support/start-session.ts';

it('keeps a peer that the server ordered after it was greeted, though its answer does not name it', async () => {
  const session = await startSession();
  const unknown = session.join(['view']);
  session.server.link?.down();
  const up = session.server.link?.up();
  // On the wire the order may reach us together with the answer, and is then handled before it.
  const ordered = session.join(['view']);
  await up;
  expect(ordered.viewer.closed).toBe(false);
  expect(unknown.viewer.closed).toBe(true);
});
