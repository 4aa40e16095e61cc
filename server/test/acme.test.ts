import { readdirSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../src/core/clock.ts';
import type { Log } from '../src/core/ports.ts';
import { freePorts, type Pebble, startPebble } from './support/pebble.ts';
import { SILENT, startTestServer, type TestServer } from './support/start-test-server.ts';
import { createTestClock, type TestClock } from './support/test-clock.ts';
import { createPgliteData, type TestDatabase } from './support/test-databases.ts';

const DOMAINS = ['help.example.com', 'support.example.com'];

describe('certificates by ACME', () => {
  let pebble: Pebble;
  let root: string;
  let database: TestDatabase;
  let server: TestServer | undefined;
  let port: number;
  let clock: TestClock;
  let logged: { message: string; fields: Record<string, unknown> }[];

  beforeAll(async () => {
    pebble = await startPebble();
    root = await pebble.rootCertificate();
    database = await createPgliteData();
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
    await pebble.resolveTo('127.0.0.1');
  });
  afterAll(async () => {
    await pebble.close();
    await database.remove();
  });

  const start = async (domains = DOMAINS) => {
    [port = 0] = await freePorts(1);
    // Renewals come when the test moves the clock; between two questions to the authority passes real time.
    clock = createTestClock();
    logged = [];
    const note = (fields: object, message: string) => void logged.push({ message, fields: { ...fields } });
    const log: Log = { ...SILENT, info: note, error: note };
    const { directoryUrl, caFile, httpPort } = pebble;
    const acme = { domains, email: 'admin@example.com', directoryUrl, caFile, httpPort };
    server = await startTestServer({
      database,
      clock: { ...clock, after: systemClock.after },
      log,
      config: { port, acme },
    });
    return server;
  };
  const messages = (message: string) => logged.filter((entry) => entry.message === message);
  const served = (servername = 'help.example.com') => handshake(port, { ca: root, servername });
  const issued = () =>
    expect.poll(() => messages('a newer TLS certificate is served'), { timeout: 60_000 }).toHaveLength(1);

  it("serves its own authority's certificate until the ordered one is there, and then that one", async () => {
    const { isCertificateProvisional, authorityFile, url } = await start();
    expect(isCertificateProvisional).toBe(true);
    expect(url).toBe(`https://help.example.com:${port}`);
    const own = readFileSync(authorityFile ?? '', 'utf8');
    // It may be there already; one of the two answers at any time.
    const early = await handshake(port, { ca: [own, root], servername: 'help.example.com' });
    expect(early.issuer.CN).toMatch(/^(GuruConnect on|Pebble Intermediate)/);
    await issued();
    for (const name of DOMAINS) expect((await served(name)).issuer.CN).toMatch(/^Pebble Intermediate/);
    await expect(served('other.example.com')).rejects.toThrow();
  });

  it('keeps keys to itself', () => {
    const directory = join(database.dataDir, 'tls');
    const keys = readdirSync(directory).filter((name) => name.endsWith('-key.pem'));
    expect(keys).toContain('acme-account-key.pem');
    expect(keys.filter((name) => /^acme-[0-9a-f]{12}-key\.pem$/.test(name))).toHaveLength(1);
    for (const name of keys) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  });

  it('goes on with what it has after a restart, and renews it with a third of its life left', async () => {
    const { isCertificateProvisional } = await start();
    expect(isCertificateProvisional).toBe(false);
    const before = await served();
    const [from, to] = [Date.parse(before.valid_from), Date.parse(before.valid_to)];
    clock.advance((to - from) * 0.6);
    expect(messages('a certificate was issued by ACME')).toEqual([]);
    clock.advance((to - from) * 0.1);
    await issued();
    expect((await served()).serialNumber).not.toBe(before.serialNumber);
  });

  it('keeps the old certificate when an order fails, says why, and tries again later', async () => {
    await start();
    const before = await served();
    // Nobody answers there.
    await pebble.resolveTo('127.0.0.2');
    clock.advance((Date.parse(before.valid_to) - Date.now()) * 0.8);
    const failed = () => messages('no certificate was issued by ACME');
    await expect.poll(() => failed().length, { timeout: 60_000 }).toBe(1);
    expect(String(failed()[0]?.fields.err)).toMatch(
      /(help|support)\.example\.com was not proved: .*127\.0\.0\.2/s,
    );
    expect((await served()).serialNumber).toBe(before.serialNumber);

    await pebble.resolveTo('127.0.0.1');
    clock.advance(9 * 60_000);
    expect(failed()).toHaveLength(1);
    clock.advance(6 * 60_000);
    await issued();
    expect((await served()).serialNumber).not.toBe(before.serialNumber);
  });

  it('orders anew when a domain is added', async () => {
    await start([...DOMAINS, 'new.example.com']);
    await issued();
    expect((await served('new.example.com')).issuer.CN).toMatch(/^Pebble Intermediate/);
  });

  it('sends plain requests to HTTPS of its own names, and nowhere else', async () => {
    await start();
    const locationOf = (path: string, host: string) => plainRequest(pebble.httpPort, path, { host });
    for (const [path, host, target] of [
      ['/', 'help.example.com', `help.example.com:${port}/`],
      ['/join/847291?x=1', 'support.example.com:80', `support.example.com:${port}/join/847291?x=1`],
      ['/app', 'evil.example', `help.example.com:${port}/app`],
      ['//evil.example/', 'help.example.com', `help.example.com:${port}//evil.example/`],
      ['http://evil.example/', 'evil.example', `help.example.com:${port}/`],
    ] as const) {
      expect(await locationOf(path, host)).toEqual({ status: 308, location: `https://${target}` });
    }
  });

  it('answers nothing else over plain HTTP', async () => {
    await start();
    const ask = (path: string, method = 'GET') => plainRequest(pebble.httpPort, path, { method });
    expect((await ask('/.well-known/acme-challenge/unknown')).status).toBe(404);
    expect((await ask('/.well-known/acme-challenge/')).status).toBe(404);
    expect((await ask('/api/v1/auth/login', 'POST')).status).toBe(405);
  });

  it('ends at once in the middle of an order, and calls that no failure', async () => {
    const running = await start([...DOMAINS, 'other.example.com']);
    await running.close();
    expect(messages('no certificate was issued by ACME')).toEqual([]);
  });

  it('does not start when the port of the challenges is taken', async () => {
    await start();
    const second = await createPgliteData();
    const { directoryUrl, caFile, httpPort } = pebble;
    const acme = { domains: DOMAINS, email: undefined, directoryUrl, caFile, httpPort };
    const started = startTestServer({ database: second, config: { acme } });
    await expect(started).rejects.toThrow(`Cannot listen on 127.0.0.1:${httpPort} (ACME_HTTP_PORT)`);
    await second.remove();
  });
});

/** Resolves with the server's certificate once a client that trusts only `ca` has accepted it. */
function handshake(
  port: number,
  options: { ca: string | string[]; servername: string },
): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ...options });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate());
      socket.end();
    });
  });
}

function plainRequest(
  port: number,
  path: string,
  { host = 'help.example.com', method = 'GET' }: { host?: string; method?: string },
): Promise<{ status: number | undefined; location: string | undefined }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers: { host } }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, location: response.headers.location });
    });
    sent.on('error', reject);
    sent.end();
  });
}
