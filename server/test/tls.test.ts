import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../src/core/clock.ts';
import { isLoopback } from '../src/tls/loopback.ts';
import { createAuthority, issueCertificate } from '../src/tls/own-authority.ts';
import { prepareTls } from '../src/tls/prepare-tls.ts';
import { SILENT, startTestServer, type TestServer, testConfig } from './support/start-test-server.ts';
import { createTestClock } from './support/test-clock.ts';
import { createPgliteData, type TestDatabase } from './support/test-databases.ts';

const DAY = 24 * 60 * 60_000;

describe('TLS', () => {
  let database: TestDatabase;
  let server: TestServer | undefined;

  beforeAll(async () => {
    database = await createPgliteData();
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });
  afterAll(() => database.remove());

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.2', false],
    ['128.0.0.1', false],
  ])('is left out only on loopback addresses: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected);
  });

  it('serves a certificate of its own authority, which a strict client accepts for each of its names', async () => {
    const tls = await prepareTls({
      config: { ...testConfig(database), host: '192.0.2.10', publicUrl: 'https://help.example.com' },
      clock: systemClock,
      log: SILENT,
    });
    const file = join(database.dataDir, 'own-server.pem');
    writeFileSync(file, tls.options.cert);
    writeFileSync(`${file}.key`, tls.options.key);
    server = await startTestServer({ database, config: { tls: { certFile: file, keyFile: `${file}.key` } } });
    const ca = readFileSync(tls.authorityFile ?? '', 'utf8');
    for (const servername of ['help.example.com', 'localhost', '192.0.2.10', '127.0.0.1', '::1']) {
      const certificate = await handshake(server.localUrl, { ca, servername });
      expect(certificate.issuer.CN).toMatch(/^GuruConnect on /);
    }
    await expect(handshake(server.localUrl, { ca, servername: 'other.example.com' })).rejects.toThrow();
    await expect(
      handshake(server.localUrl, {
        ca: createAuthority('x', Date.now()).certificate,
        servername: 'localhost',
      }),
    ).rejects.toThrow();
    expect(server.localUrl).toMatch(/^https:/);
  });

  it('keeps its private keys to itself', () => {
    for (const name of ['authority-key.pem', 'server-key.pem']) {
      expect(statSync(join(database.dataDir, 'tls', name)).mode & 0o077).toBe(0);
    }
  });

  it('keeps the authority, and renews the certificate in good time or when a name is new', async () => {
    const clock = createTestClock();
    const config = { ...testConfig(database), host: '192.0.2.11' };
    const open = (publicUrl?: string) => prepareTls({ config: { ...config, publicUrl }, clock, log: SILENT });
    const authority = () => readFileSync(join(database.dataDir, 'tls', 'authority.pem'), 'utf8');
    const [first, before] = [(await open()).options.cert, authority()];
    expect((await open()).options.cert).toBe(first);
    clock.advance(59 * DAY);
    expect((await open()).options.cert).toBe(first);
    const renamed = (await open('https://new.example.com')).options.cert;
    expect(renamed).not.toBe(first);
    clock.advance(61 * DAY);
    expect((await open('https://new.example.com')).options.cert).not.toBe(renamed);
    expect(authority()).toBe(before);
  });

  it('takes a renewed certificate while it runs', async () => {
    const clock = createTestClock();
    const file = join(database.dataDir, 'given.pem');
    const authority = createAuthority('Given', Date.now());
    const write = () => {
      const pair = issueCertificate(authority, ['localhost'], Date.now());
      writeFileSync(file, pair.certificate);
      writeFileSync(`${file}.key`, pair.key);
    };
    write();
    const tls = { certFile: file, keyFile: `${file}.key` };
    server = await startTestServer({ database, clock, config: { tls } });
    const { localUrl } = server;
    const look = () => handshake(localUrl, { ca: authority.certificate, servername: 'localhost' });
    const before = (await look()).serialNumber;
    write();
    clock.advance(60 * 60_000);
    await expect.poll(async () => (await look()).serialNumber, { timeout: 10_000 }).not.toBe(before);
  });

  it('says in plain words when a given certificate does not fit its key', async () => {
    const file = join(database.dataDir, 'mismatch.pem');
    const authority = createAuthority('Given', Date.now());
    writeFileSync(file, issueCertificate(authority, ['localhost'], Date.now()).certificate);
    writeFileSync(`${file}.key`, issueCertificate(authority, ['localhost'], Date.now()).key);
    const tls = { certFile: file, keyFile: `${file}.key` };
    await expect(startTestServer({ database, config: { tls } })).rejects.toThrow('do not fit together');
    const missing = { certFile: `${file}.none`, keyFile: `${file}.key` };
    await expect(startTestServer({ database, config: { tls: missing } })).rejects.toThrow('cannot be read');
  });
});

/** Resolves with the server's certificate once a client that trusts only `ca` has accepted it. */
function handshake(url: string, options: { ca: string; servername: string }): Promise<PeerCertificate> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const isAddress = /^[\d.]+$|:/.test(options.servername);
    const socket: TLSSocket = connect({
      port: Number(port),
      host: '127.0.0.1',
      ca: options.ca,
      servername: isAddress ? '' : options.servername,
      checkServerIdentity: (_host, certificate) => checkServerIdentity(options.servername, certificate),
    });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate());
      socket.end();
    });
  });
}
