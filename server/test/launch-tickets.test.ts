import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from './support/api-client.ts';
import { createApiClient } from './support/api-client.ts';
import { rawRequest } from './support/raw-request.ts';
import { startTestServer, type TestServer } from './support/start-test-server.ts';
import { createTestClock } from './support/test-clock.ts';
import { DATABASE_KINDS, type TestDatabase } from './support/test-databases.ts';

describe.each(DATABASE_KINDS)('launch links on $name', ({ create }) => {
  const clock = createTestClock();
  let database: TestDatabase;
  let server: TestServer;
  let admin: ApiClient;

  beforeAll(async () => {
    database = await create();
    server = await startTestServer({ database, clock });
    admin = await server.setUp();
  });
  afterAll(async () => {
    await server.close();
    await database.remove();
  });

  const ticket = async (path = '/app/sessions/1') =>
    new URL((await admin.call('createLaunchTicket', { body: { path } })).url).pathname;
  const open = (path: string, headers: Record<string, string> = {}) =>
    rawRequest(server.localUrl, path, { headers });

  it('sign somebody in once and lead to the page', async () => {
    const path = await ticket();
    const first = await open(path);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/app/sessions/1');
    const cookie = String(first.headers['set-cookie']).split(';')[0] ?? '';
    const browser = createApiClient(server.localUrl, { cookie });
    expect((await browser.call('me')).username).toBe('ada');

    const second = await open(path);
    expect(second.status).toBe(404);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  it('lead to a machine as well, for programs that launch a session', async () => {
    const path = '/connect/0d9f6c1e-8a52-4c60-9c5e-0e1f8f0c6d11';
    expect((await open(await ticket(path))).headers.location).toBe(path);
  });

  it('let one of several that open them at once in', async () => {
    const path = await ticket();
    const statuses = (await Promise.all([open(path), open(path), open(path)])).map((answer) => answer.status);
    expect(statuses.sort()).toEqual([303, 404, 404]);
  });

  it('are good for a minute', async () => {
    const path = await ticket();
    clock.advance(59_000);
    const late = await ticket();
    clock.advance(2_000);
    expect((await open(path)).status).toBe(404);
    expect((await open(late)).status).toBe(303);
  });

  it('do nothing when somebody comes through a proxy, and stay unused', async () => {
    const path = await ticket();
    expect((await open(path, { 'x-forwarded-for': '127.0.0.1' })).status).toBe(404);
    expect((await open(path, { forwarded: 'for=127.0.0.1' })).status).toBe(404);
    expect((await open(path)).status).toBe(303);
  });

  it.each(['//evil.example', 'https://evil.example', '/\\evil.example', 'app', '/app?x=1'])(
    'are not made for %s',
    async (path) => {
      expect((await admin.send('createLaunchTicket', { body: { path } })).status).toBe(400);
    },
  );

  it('do not sign in people who were disabled meanwhile', async () => {
    const user = await admin.call('createUser', {
      body: { username: 'bob', name: 'Bob', role: 'admin', teamId: null, password: 'a long enough password' },
    });
    const bob = await server.signIn('bob', 'a long enough password');
    const { url } = await bob.call('createLaunchTicket', { body: { path: '/app' } });
    await admin.call('disableUser', { params: { userId: user.userId } });
    expect((await open(new URL(url).pathname)).status).toBe(404);
  });

  it('answer unknown tokens like used ones', async () => {
    expect((await open(`/launch/${'A'.repeat(43)}`)).status).toBe(404);
    expect((await open('/launch/')).status).toBe(404);
  });
});
