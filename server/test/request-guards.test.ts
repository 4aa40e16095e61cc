import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from './support/api-client.ts';
import { rawRequest } from './support/raw-request.ts';
import { startTestServer, type TestServer } from './support/start-test-server.ts';
import { createPgliteData, type TestDatabase } from './support/test-databases.ts';

describe('what every request goes through', () => {
  let database: TestDatabase;
  let server: TestServer;
  let admin: ApiClient;

  beforeAll(async () => {
    database = await createPgliteData();
    server = await startTestServer({ database, config: { publicUrl: 'https://help.example.com' } });
    admin = await server.setUp();
  });
  afterAll(async () => {
    await server.close();
    await database.remove();
  });

  const rename = (headers: Record<string, string | undefined>) =>
    admin.send('changeSettings', { body: { companyName: 'Renamed' }, headers });

  it('refuses a change without the form token, with a wrong one, and with that of another login', async () => {
    const other = await server.signIn('ada', 'correct horse battery');
    for (const token of [undefined, 'x', other.csrfToken()]) {
      const { status, body } = await rename({ 'x-csrf-token': token });
      expect(status).toBe(403);
      expect(body).toMatchObject({ error: { code: 'bad-csrf-token' } });
    }
  });

  it.each([
    'http://evil.example',
    'null',
    'https://help.example.com.evil.example',
    'https://127.0.0.1',
    'http://127.0.0.1:1',
  ])('refuses a change from the page %s', async (origin) => {
    const { status, body } = await rename({ origin });
    expect(status).toBe(403);
    expect(body).toMatchObject({ error: { code: 'bad-origin' } });
  });

  it('refuses signing in from a foreign page too', async () => {
    const { body } = await server.browser().send('signIn', {
      body: { username: 'ada', password: 'correct horse battery' },
      headers: { origin: 'http://evil.example' },
    });
    expect(body).toMatchObject({ error: { code: 'bad-origin' } });
  });

  it('refuses a browser that hides the origin but admits to another site', async () => {
    const { status } = await rename({ origin: undefined, 'sec-fetch-site': 'cross-site' });
    expect(status).toBe(403);
  });

  it('accepts the public address, its own, and programs that send no origin', async () => {
    for (const origin of ['https://help.example.com', server.localUrl, undefined]) {
      expect((await rename({ origin })).status).toBe(200);
    }
  });

  it('answers 401 without a login, whatever the route', async () => {
    const { status, body } = await server.browser().send('getSettings');
    expect(status).toBe(401);
    expect(body).toEqual({ error: { code: 'unauthenticated', message: 'Sign in first.' } });
  });

  it('takes no cookie when there are two of them', async () => {
    const cookie = `${admin.cookie()}; gc_login=${'x'.repeat(43)}`;
    expect((await admin.send('me', { headers: { cookie } })).status).toBe(401);
  });

  it('says which field is wrong, and changes nothing', async () => {
    const { status, body } = await admin.send('changeSettings', {
      body: { companyName: '', loginIdleMinutes: 30 },
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: { code: 'invalid-message', details: { fields: [{ path: 'companyName' }] } },
    });
    expect((await admin.call('getSettings')).loginIdleMinutes).toBe(12 * 60);
  });

  it.each([
    ['a parameter that is no id', 'endLogin', { params: { loginId: 'not-an-id' } }, 400],
    ['a query that is no number', 'listAudit', { query: { limit: 'many' } }, 400],
    ['a body that is no object', 'changeSettings', { body: ['x'] }, 400],
    ['no body at all', 'changeSettings', {}, 400],
    ['a body of over 64 kB', 'changeSettings', { body: { companyName: 'x'.repeat(70_000) } }, 413],
  ] as const)('refuses %s', async (_what, name, input, status) => {
    const answer = await admin.send(name, input);
    expect(answer.status).toBe(status);
    expect(answer.body).toHaveProperty('error.code');
  });

  it('refuses bodies that are not JSON, broken, or of another type', async () => {
    const send = (type: string, body: string) =>
      rawRequest(server.localUrl, '/api/v1/auth/login', {
        method: 'POST',
        headers: { 'content-type': type, origin: server.localUrl },
        body,
      });
    const valid = JSON.stringify({ username: 'ada', password: 'correct horse battery' });
    expect((await send('application/json', '{"username":')).status).toBe(400);
    expect((await send('text/plain', valid)).status).toBe(400);
    expect((await send('application/x-www-form-urlencoded', 'username=ada&password=x')).status).toBe(400);
    expect((await send('application/json', valid)).status).toBe(200);
  });

  it('answers unknown API paths and methods as JSON', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/nope'],
      ['GET', '/api'],
      ['PUT', '/api/v1/settings'],
      ['GET', '/api/v1/settings/'],
      ['GET', '/api/v1/%2e%2e/%2e%2e/etc/passwd'],
    ] as const) {
      const answer = await rawRequest(server.localUrl, path, { method });
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'not-found' } });
    }
  });

  it('lets nothing of the API be stored by caches', async () => {
    expect((await admin.send('me')).headers.get('cache-control')).toBe('no-store');
  });

  it('refuses socket handshakes of foreign pages, on every namespace, and accepts its own', async () => {
    const connect = (origin: string | undefined) =>
      new Promise<string>((resolve) => {
        const socket = io(server.localUrl, {
          transports: ['websocket'],
          reconnection: false,
          forceNew: true,
          ...(origin === undefined ? {} : { extraHeaders: { origin } }),
        });
        const end = (outcome: string) => {
          socket.close();
          resolve(outcome);
        };
        socket.on('connect', () => end('connected'));
        socket.on('connect_error', () => end('refused'));
      });
    expect(await connect('http://evil.example')).toBe('refused');
    expect(await connect('null')).toBe('refused');
    expect(await connect(server.localUrl)).toBe('connected');
    expect(await connect('https://help.example.com')).toBe('connected');
    expect(await connect(undefined)).toBe('connected');
  });

  it('offers sockets by WebSocket only', async () => {
    const polling = await rawRequest(server.localUrl, '/socket.io/?EIO=4&transport=polling');
    expect(polling.status).toBe(400);
  });
});
