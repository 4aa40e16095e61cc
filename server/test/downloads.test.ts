import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from './support/raw-request.ts';
import { startTestServer, type TestServer } from './support/start-test-server.ts';
import { createPgliteData, type TestDatabase } from './support/test-databases.ts';

const TEMPLATE = "origin='__ORIGIN__'\ncode='__CODE__'\n# curl __ORIGIN__/download/linux/__CODE__.sh\n";
const PACKAGE = 'guruconnect-agent-linux-x64.tar.gz';

describe("the agent's download", () => {
  const downloadDir = mkdtempSync(join(tmpdir(), 'gc-downloads-'));
  let database: TestDatabase;
  let server: TestServer;

  const start = async (config: { publicUrl?: string; trustedProxies?: string[] } = {}) => {
    server = await startTestServer({ database, config: { downloadDir, ...config } });
  };
  const restart = async (config: Parameters<typeof start>[0]) => {
    await server.close();
    await start(config);
  };
  const get = (path: string, headers: Record<string, string> = {}) =>
    rawRequest(server.localUrl, path, { headers });
  const script = (headers: Record<string, string> = {}) => get('/download/linux/847291.sh', headers);

  beforeAll(async () => {
    database = await createPgliteData();
    await start();
  });
  afterAll(async () => {
    await server.close();
    await database.remove();
    rmSync(downloadDir, { recursive: true });
  });

  it('says in plain words when the agent has not been built, and is there as soon as it has', async () => {
    for (const path of ['/download/linux/847291.sh', `/download/${PACKAGE}`]) {
      const { status, headers, body } = await get(path);
      expect([status, headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
      expect(body).toContain('npm run build');
    }
    writeFileSync(join(downloadDir, 'linux-run.sh.template'), TEMPLATE);
    writeFileSync(join(downloadDir, PACKAGE), 'package');
    expect((await script()).status).toBe(200);
    expect((await get(`/download/${PACKAGE}`)).status).toBe(200);
  });

  it('is a script with the address that was asked and the code, for any six digits alike', async () => {
    for (const code of ['847291', '000000']) {
      const { status, headers, body } = await get(`/download/linux/${code}.sh`);
      expect([status, headers['content-type'], headers['cache-control']]).toEqual([
        200,
        'text/x-shellscript; charset=utf-8',
        'no-store',
      ]);
      expect(body).toBe(TEMPLATE.replaceAll('__ORIGIN__', server.url).replaceAll('__CODE__', code));
    }
    expect((await get(`/download/${PACKAGE}`)).body).toBe('package');
  });

  it.each([
    '84729',
    '8472911',
    '84729a',
    "84729'",
    '847291.sh',
    '%D9%A8%D9%A4%D9%A7%D9%A2%D9%A9%D9%A1',
    '847%20291',
    '..%2f847291',
  ])('is not there for %s, which is no code', async (text) => {
    const { status, body } = await get(`/download/linux/${text}.sh`);
    expect(status).toBe(404);
    expect(body).not.toContain('origin=');
  });

  it.each(["a';id;'", 'a`id`', 'a$(id)', 'a b', 'a/b', 'a\\b', 'a:b', 'user@a', '[::1', 'a:123456'])(
    'refuses a request that names its server %s',
    async (host) => {
      const { status, body } = await script({ host });
      expect(status).toBe(400);
      expect(body).not.toContain('origin=');
    },
  );

  it.each(['help.example.com', 'help.example.com:8443', '192.0.2.1:80', '[2001:db8::1]:8080'])(
    'takes %s for its own name when a client knows it by that',
    async (host) => {
      expect((await script({ host })).body).toContain(`origin='http://${host}'\n`);
    },
  );

  it('names the public address when there is one, whatever the request says', async () => {
    await restart({ publicUrl: 'https://help.example.com' });
    expect((await script({ host: "a';id;'" })).body).toContain("origin='https://help.example.com'\n");
  });

  it('names the address that a trusted proxy was asked for', async () => {
    const forwarded = { 'x-forwarded-host': 'help.example.com', 'x-forwarded-proto': 'https' };
    await restart({ trustedProxies: ['127.0.0.1'] });
    expect((await script(forwarded)).body).toContain("origin='https://help.example.com'\n");
    expect((await script({ ...forwarded, 'x-forwarded-host': "a';id;'" })).status).toBe(400);
    await restart({});
    expect((await script(forwarded)).body).toContain(`origin='${server.url}'\n`);
  });
});
