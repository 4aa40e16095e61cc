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

it('takes nothing from the answer to its greeting that is older than what it was told since', async () => {
  const { server, views } = await startSession();
  server.link?.down();
  const up = server.link?.up();
  server.tell('session:changed', { ...server.welcome.session, companyName: 'Newer' });
  await up;
  expect(views.at(-1)?.companyName).toBe('Newer');
  server.link?.down();
  await server.link?.up();
  expect(views.at(-1)).toEqual(server.welcome.session);
});
