import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiRoutes, DEFAULT_PREFERENCES, GuruError } from '@guruconnect/shared';
import { afterEach, describe, expect, it } from 'vitest';
import { createApiClient } from './api-client.ts';

interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}
type Seen = { method: string | undefined; url: string | undefined; csrf: unknown; body: string };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A real HTTP server that gives its answers in turn, or cuts the line, and a client of it. */
async function startServer(...answers: (Answer | 'cut')[]) {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    seen.push({
      method: request.method,
      url: request.url,
      csrf: request.headers['x-csrf-token'],
      body: await readBody(request),
    });
    const answer = answers.shift() ?? { status: 500, body: 'no answer left' };
    if (answer === 'cut') {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createApiClient({
    fetch: (input, init) => fetch(`${origin}${String(input)}`, init),
    routes: apiRoutes,
  });
  return { client, seen, server };
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

const id = '3f2b8a52-9f0c-4c52-9d0e-0a35a8b8f001';
const me = {
  userId: id,
  username: 'ann',
  name: 'Ann',
  role: 'admin',
  teamId: null,
  preferences: DEFAULT_PREFERENCES,
  csrfToken: 'token-1',
};
const refused = (code: string, details?: object) => ({ error: { code, message: `It is ${code}.`, details } });

describe('requests', () => {
  it('puts path parameters and the query where the route says', async () => {
    const { client, seen } = await startServer(
      { status: 200, body: {} },
      { status: 200, body: { sessions: [] } },
    );
    await client.call('endLogin', { params: { loginId: id } });
    await client.call('listSessions', { query: { state: 'ended', limit: 5 } });
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `DELETE /api/v1/auth/logins/${id}`,
      'GET /api/v1/sessions?state=ended&limit=5',
    ]);
  });
  it('sends the token that came with the sign-in along with every change', async () => {
    const { client, seen } = await startServer({ status: 200, body: me }, { status: 200, body: {} });
    await client.call('signIn', { body: { username: 'ann', password: 'secret' } });
    await client.call('signOut');
    expect(seen.map(({ csrf }) => csrf)).toEqual([undefined, 'token-1']);
  });
  it('fetches a fresh token and tries once more after another tab signed in anew', async () => {
    const { client, seen } = await startServer(
      { status: 403, body: refused('bad-csrf-token') },
      { status: 200, body: { ...me, csrfToken: 'token-2' } },
      { status: 200, body: {} },
    );
    await client.call('signOut');
    expect(seen.map(({ url, csrf }) => [url, csrf])).toEqual([
      ['/api/v1/auth/logout', undefined],
      ['/api/v1/auth/me', undefined],
      ['/api/v1/auth/logout', 'token-2'],
    ]);
  });
});

describe('failures', () => {
  it("become the server's own error with its details", async () => {
    const { client } = await startServer({
      status: 429,
      body: refused('too-many-requests', { retryAfterSeconds: 7 }),
    });
    const error = await client.call('portalConfig').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GuruError);
    expect(error).toMatchObject({ code: 'too-many-requests', details: { retryAfterSeconds: 7 } });
  });
  it('are refused as malformed when a reply does not fit its schema', async () => {
    const { client } = await startServer({ status: 200, body: { companyName: 7 } });
    await expect(client.call('portalConfig')).rejects.toMatchObject({ code: 'invalid-message' });
  });
  it('say that the server cannot be reached when a proxy answers for it, or nothing does', async () => {
    const { client, server } = await startServer({ status: 502, body: '<html>Bad gateway</html>' });
    await expect(client.call('portalConfig')).rejects.toMatchObject({ code: 'unavailable' });
    server.closeAllConnections();
    server.close();
    await expect(client.call('portalConfig')).rejects.toMatchObject({ code: 'unavailable' });
  });
  it('of the line alone are tried once more where nothing is changed', async () => {
    const { client, seen } = await startServer('cut', { status: 200, body: me }, 'cut', 'cut', 'cut');
    expect(await client.call('me')).toMatchObject({ username: 'ann' });
    expect(seen).toHaveLength(2);
    await expect(client.call('me')).rejects.toMatchObject({ code: 'unavailable' });
    expect(seen).toHaveLength(4);
    await expect(client.call('signOut')).rejects.toMatchObject({ code: 'unavailable' });
    expect(seen).toHaveLength(5);
  });
  it('of the line are not tried again by who has left meanwhile', async () => {
    const { client, seen } = await startServer('cut', { status: 200, body: me });
    const leaving = new AbortController();
    const asked = client.call('me', { signal: leaving.signal });
    await expect.poll(() => seen.length).toBe(1);
    leaving.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toHaveLength(1);
  });
  it('tell who listens that the login has ended, and only then', async () => {
    const { client } = await startServer(
      { status: 401, body: refused('wrong-credentials') },
      { status: 401, body: refused('unauthenticated') },
    );
    let told = 0;
    client.onSignedOut(() => {
      told += 1;
    });
    await client.call('signIn', { body: { username: 'ann', password: 'x' } }).catch(() => undefined);
    expect(told).toBe(0);
    await client.call('listLogins').catch(() => undefined);
    expect(told).toBe(1);
  });
});
