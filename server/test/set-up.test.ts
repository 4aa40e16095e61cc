import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RawAnswer, rawRequest } from './support/raw-request.ts';
import { ADMIN, startTestServer, type TestServer } from './support/start-test-server.ts';
import { DATABASE_KINDS, type TestDatabase } from './support/test-databases.ts';
import { createWebFiles } from './support/web-files.ts';

describe.each(DATABASE_KINDS)('first-run set-up on $name', ({ create }) => {
  const files = createWebFiles();
  let database: TestDatabase;
  let server: TestServer;

  beforeAll(async () => {
    database = await create();
    server = await startTestServer({ database, webDir: files.directory });
  });
  afterAll(async () => {
    await server.close();
    await database.remove();
    files.remove();
  });

  const tokenOf = (running: TestServer) => running.setupUrl()?.split('#')[1] ?? '';
  const bodyWith = (token: string, username: string) => ({
    token,
    companyName: 'Acme Support',
    name: ADMIN.name,
    username,
    password: ADMIN.password,
  });
  const post = (path: string, token: string) =>
    rawRequest(server.url, path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify(bodyWith(token, 'eve')),
    });

  it('prints another link at each start while there is no administrator', async () => {
    const first = tokenOf(server);
    expect(first).toMatch(/^[A-Za-z0-9_-]{43}$/);
    await server.close();
    server = await startTestServer({ database, webDir: files.directory });
    expect(tokenOf(server)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(tokenOf(server)).not.toBe(first);
  });

  it('shows the set-up page, and refuses a token that is not the one on the console', async () => {
    expect((await rawRequest(server.url, '/setup')).body).toContain('Dashboard');
    const wrong = randomBytes(32).toString('base64url');
    expect((await post('/api/v1/setup', wrong)).status).toBe(403);
    expect(server.setupUrl()).toBeDefined();
  });

  it('lets exactly one of several that set up at once win', async () => {
    const token = tokenOf(server);
    const answers = await Promise.all(
      ['ada', 'bob', 'cleo', 'dan'].map((username) =>
        server.browser().send('setUp', { body: bodyWith(token, username) }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 404, 404, 404]);
    const winner = answers.findIndex((answer) => answer.status === 200);
    const admin = await server.signIn(['ada', 'bob', 'cleo', 'dan'][winner] ?? '', ADMIN.password);
    const { users } = await admin.call('listUsers');
    expect(users.map((user) => user.role)).toEqual(['admin']);
    expect(await admin.call('getSettings')).toMatchObject({ companyName: 'Acme Support' });
    expect(server.setupUrl()).toBeUndefined();
  });

  const FORMS = [
    '/setup',
    '/setup/',
    '/setup/x',
    '/setup?x=1',
    '/SETUP',
    '/Setup',
    '/%73etup',
    '/%73%65%74%75%70',
    '//setup',
    '/./setup',
    '/setup%2f',
    '/%2fsetup',
    '/setup.html',
    '/setup;x',
    '/api/v1/setup',
    '/api/v1/setup/',
    '/api/v1/setup/x',
    '/api/v1/SETUP',
    '/API/v1/setup',
    '/api/v1/%73etup',
    '/api/v1%2fsetup',
    '/api//v1/setup',
    '/api/v1/./setup',
    '/api/v1/auth/../setup',
  ];

  it.each(FORMS)('does not exist afterwards: %s answers as any unknown page does', async (path) => {
    const unknown = path.startsWith('/api/') ? '/api/v1/nothing-here' : '/nothing-here';
    const token = randomBytes(32).toString('base64url');
    const answers = [await rawRequest(server.url, path), await post(path, token)];
    const expected = [await rawRequest(server.url, unknown), await post(unknown, token)];
    expect(answers.map(seen)).toEqual(expected.map(seen));
    expect(answers.map((answer) => answer.status)).toEqual([404, 404]);
  });

  it('does not come back after a restart', async () => {
    await server.close();
    server = await startTestServer({ database, webDir: files.directory });
    expect(server.setupUrl()).toBeUndefined();
    expect((await rawRequest(server.url, '/setup')).status).toBe(404);
  });
});

function seen({ status, headers, body }: RawAnswer): unknown {
  return { status, type: headers['content-type'], body };
}
