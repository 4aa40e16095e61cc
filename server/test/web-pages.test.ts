import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_BASE, type ApiName, type ApiRoute, apiRoutes, FileReply } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest } from './support/raw-request.ts';
import { startTestServer, type TestServer } from './support/start-test-server.ts';
import { createPgliteData, type TestDatabase } from './support/test-databases.ts';
import { createWebFiles } from './support/web-files.ts';

describe('pages, files and documentation', () => {
  const files = createWebFiles();
  const downloadDir = mkdtempSync(join(tmpdir(), 'gc-downloads-'));
  let database: TestDatabase;
  let server: TestServer;

  beforeAll(async () => {
    mkdirSync(join(downloadDir, 'linux'));
    writeFileSync(join(downloadDir, 'linux', 'agent.tar.gz'), 'package');
    writeFileSync(join(downloadDir, '.secret'), 'hidden');
    database = await createPgliteData();
    server = await startTestServer({ database, webDir: files.directory, config: { downloadDir } });
    await server.setUp();
  });
  afterAll(async () => {
    await server.close();
    await database.remove();
    files.remove();
    rmSync(downloadDir, { recursive: true });
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    rawRequest(server.url, path, { headers });

  it.each([
    ['/', 'Portal'],
    ['/join/847291', 'Portal'],
    ['/join/a-long-join-token_0', 'Portal'],
    ['/app', 'Dashboard'],
    ['/app/', 'Dashboard'],
    ['/app/session/1', 'Session'],
    ['/app/sessions/1?tab=x', 'Dashboard'],
    ['/connect', 'Dashboard'],
    ['/connect/0d9f6c1e-8a52-4c60-9c5e-0e1f8f0c6d11', 'Dashboard'],
    ['/connect?host=front-desk', 'Dashboard'],
  ])('%s is the page %s, asked for anew each time', async (path, title) => {
    const { status, headers, body } = await get(path);
    expect([status, headers['cache-control']]).toEqual([200, 'no-cache']);
    expect(body).toContain(`<title>${title}</title>`);
  });

  it.each([
    '/join',
    '/join/',
    '/join/1/2',
    '/App',
    '/Connect',
    '/connected',
    '/index.html',
    '/app.html',
    '/assets/',
    '/assets',
    '/assets/none.js',
    '/..%2f..%2fetc/passwd',
    '/assets/../../package.json',
    '/assets/%2e%2e/app.html',
    '/download/.secret',
    '/download/%2e%2e/index.html',
    '/download/..%2findex.html',
    '/download/linux',
    '/download/',
    '/.git/config',
    '/%',
  ])('%s is nothing', async (path) => {
    const { status, body } = await get(path);
    expect([400, 403, 404]).toContain(status);
    expect(body).not.toContain('<title>');
    expect(body).not.toContain('hidden');
  });

  it('keeps hashed files for good, compressed, and others for a while', async () => {
    const asset = await get('/assets/main-4f3a2b1c.js', { 'accept-encoding': 'gzip' });
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(asset.headers['content-encoding']).toBe('gzip');
    expect((await get('/favicon.svg')).headers['cache-control']).toBe('public, max-age=3600');
  });

  it('offers agent packages', async () => {
    expect((await get('/download/linux/agent.tar.gz')).body).toBe('package');
  });

  it.each(['/', '/app', '/nothing-here', '/api/v1/auth/me', '/api/docs'])(
    'sends %s with headers that let no foreign code in',
    async (path) => {
      const { headers } = await get(path);
      const policy = Object.fromEntries(
        String(headers['content-security-policy'])
          .split(';')
          .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1).join(' ')]),
      );
      expect(policy).toMatchObject({
        'default-src': "'none'",
        'script-src': "'self'",
        'connect-src': "'self'",
        'img-src': "'self' data: blob:",
        'media-src': "'self' blob:",
        'worker-src': "'self' blob:",
        'frame-src': 'guruconnect:',
        'frame-ancestors': "'none'",
        'base-uri': "'none'",
      });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(headers['permissions-policy']).toContain('camera=()');
      expect(headers['permissions-policy']).toContain('display-capture=(self)');
      expect(headers).not.toHaveProperty('x-powered-by');
      // Over plain HTTP it would lock the browser out.
      expect(headers).not.toHaveProperty('strict-transport-security');
    },
  );

  it('says that it lives, and that it is ready', async () => {
    expect((await get('/healthz')).body).toBe('{"status":"ok"}');
    expect((await get('/readyz')).body).toBe('{"status":"ready"}');
  });

  it('describes every route of the API, and nothing else, as OpenAPI 3.1', async () => {
    const description = JSON.parse((await get('/api/openapi.json')).body);
    expect(description).toMatchObject({ openapi: '3.1.0', info: { title: 'GuruConnect', version: '1' } });
    const described = Object.entries<Record<string, { operationId: string }>>(description.paths).flatMap(
      ([path, operations]) =>
        Object.entries(operations).map(([method, operation]) => `${operation.operationId} ${method} ${path}`),
    );
    const wanted = Object.entries<ApiRoute>(apiRoutes).map(
      ([name, route]) => `${name} ${route.method.toLowerCase()} ${API_BASE}${route.path}`,
    );
    expect(described.sort()).toEqual(wanted.sort());
  });

  it('describes every path parameter, and refers only to what is there', async () => {
    const text = (await get('/api/openapi.json')).body;
    const description = JSON.parse(text);
    for (const reference of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const target = (reference[1] ?? '').split('/').reduce((node, key) => node?.[key], description);
      expect(target, reference[0]).toBeDefined();
    }
    for (const [path, operations] of Object.entries<Record<string, Operation>>(description.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
      for (const operation of Object.values(operations)) {
        const named = operation.parameters.filter((one) => one.in === 'path').map((one) => one.name);
        expect(named).toEqual(inPath);
        const isFile = apiRoutes[operation.operationId as ApiName].reply === FileReply;
        const type = isFile ? '*/*' : 'application/json';
        expect(operation.responses['200']).toHaveProperty(['content', type, 'schema']);
      }
    }
    expect(
      description.paths[`${API_BASE}/auth/login`].post.requestBody.content['application/json'].schema,
    ).toMatchObject({
      type: 'object',
      required: ['username', 'password'],
    });
    const file = { schema: { type: 'string', format: 'binary' } };
    expect(description.paths[`${API_BASE}/machines/{machineId}/thumbnail`].put.requestBody.content).toEqual({
      'image/webp': file,
      'image/jpeg': file,
    });
  });

  it('renders the documentation without scripts and without other hosts', async () => {
    const { headers, body } = await get('/api/docs');
    expect(headers['content-type']).toContain('text/html');
    expect(body).toContain('POST</span> <code>/api/v1/auth/login</code>');
    for (const route of Object.values<ApiRoute>(apiRoutes)) expect(body).toContain(route.path);
    expect(body).not.toMatch(/<script|<style| style=|https?:/);
    const sheet = await get('/api/docs.css');
    expect(sheet.headers['content-type']).toContain('text/css');
    expect(sheet.body).toContain('prefers-color-scheme: dark');
  });
});

interface Operation {
  readonly operationId: string;
  readonly parameters: { name: string; in: string }[];
  readonly responses: Record<string, unknown>;
}
