import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import { promisify } from 'node:util';
import { RelayTicketClaims } from '@guruconnect/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { systemClock } from '../src/core/clock.ts';
import { RelayProcess } from '../src/relay/relay-process.ts';
import { createAuthority, issueCertificate } from '../src/tls/own-authority.ts';
import { BROWSER_KEY } from './sessions/support/browser-key.ts';
import { openConsole } from './sessions/support/fake-console.ts';
import { refusalOf } from './sessions/support/inbox.ts';
import { joinWithConsent, type Stage, setStage } from './sessions/support/stage.ts';
import { SILENT } from './support/start-test-server.ts';
import { TEST_PATHS } from './support/test-databases.ts';

const run = promisify(execFile);
const SECRET = 'a secret that the server and its relays share';

describe('a peer over a relay', () => {
  let stage: Stage | undefined;
  afterEach(async () => {
    await stage?.close();
    stage = undefined;
  });

  it('gets the same signed ticket at both ends, for the page that asked, from the relays in turn', async () => {
    const urls = ['wss://one.example/', 'wss://two.example/'];
    stage = await setStage({ config: { relay: { kind: 'others', urls, secret: SECRET } } });
    const owner = await stage.hire('tess', 'technician');
    const attended = await stage.attend(owner);
    await joinWithConsent(attended, 'control');
    const { console, agent, session } = attended;
    const ask = () =>
      console.ask('peer:request', { sessionId: session.id, browserKey: BROWSER_KEY, path: 'relay' });
    const { peerId, transport } = await ask();
    const order = await agent.inbox.next('peer:open', (one) => one.peerId === peerId);
    expect(order.transport).toEqual(transport);
    if (transport.kind !== 'relay') throw new Error('another path was given');
    const [payload = '', mac] = transport.ticket.split('.');
    expect(mac).toBe(createHmac('sha256', SECRET).update(payload).digest('base64url'));
    const claims = z.parse(RelayTicketClaims, JSON.parse(Buffer.from(payload, 'base64url').toString()));
    expect(claims).toMatchObject({ peerId, origin: stage.url });
    expect(claims.joinBy).toBeGreaterThan(Date.now());
    expect(claims.joinBy).toBeLessThanOrEqual(Date.now() + 60_000);
    const second = (await ask()).transport;
    const { entries } = await stage.admin.client.call('sessionAudit', { params: { sessionId: session.id } });
    expect(entries.find(({ action }) => action === 'peer.opened')?.details).toMatchObject({ path: 'relay' });
    expect([transport.url, second.kind === 'relay' && second.url]).toEqual(urls);
    const page = await fetch(`${stage.url}/`);
    expect(page.headers.get('content-security-policy')).toContain(
      "connect-src 'self' wss://one.example wss://two.example",
    );
  });

  it('is refused for the reasons that hold for every peer, and where there is no relay', async () => {
    stage = await setStage();
    const owner = await stage.hire('tess', 'technician');
    const attended = await stage.attend(owner);
    const { console, session } = attended;
    await joinWithConsent(attended, 'control');
    const ask = () =>
      console.ask('peer:request', { sessionId: session.id, browserKey: BROWSER_KEY, path: 'relay' });
    expect(await refusalOf(ask())).toBe('unavailable');
    expect(attended.agent.inbox.all('peer:open')).toEqual([]);
    const stranger = await stage.hire('sam', 'technician');
    const other = await openConsole(stranger.client, {});
    const asked = other.ask('peer:request', {
      sessionId: session.id,
      browserKey: BROWSER_KEY,
      path: 'relay',
    });
    expect(['not-found', 'not-allowed']).toContain(await refusalOf(asked));
    other.close();
  });

  it('is offered the relay beside this server, on the host that pages know it by', async () => {
    stage = await setStage({ config: { relay: { kind: 'own', port: 0, url: undefined } } });
    const owner = await stage.hire('tess', 'technician');
    const attended = await stage.attend(owner);
    await joinWithConsent(attended, 'control');
    const { console, session } = attended;
    const wish = { sessionId: session.id, browserKey: BROWSER_KEY, path: 'relay' } as const;
    const { transport } = await vi.waitFor(() => console.ask('peer:request', wish), { timeout: 20_000 });
    const port = transport.kind === 'relay' ? transport.url : '';
    expect(port).toMatch(/^:\d+$/);
    const health = await fetch(`http://127.0.0.1${port}/healthz`);
    expect(await health.json()).toEqual({ status: 'ok' });
    const page = await fetch(`${stage.url}/`);
    expect(page.headers.get('content-security-policy')).toContain(`ws://127.0.0.1${port}`);
    await stage.close();
    stage = undefined;
    await expect(fetch(`http://127.0.0.1${port}/healthz`)).rejects.toThrow();
  });
});

describe('the relay beside a server', () => {
  const deps = {
    entry: TEST_PATHS.relayEntry,
    host: '127.0.0.1',
    secret: SECRET,
    clock: systemClock,
    log: SILENT,
  };
  let relay: RelayProcess;
  afterEach(() => relay.close());

  const listening = () =>
    vi.waitFor(
      () => {
        if (relay.port === undefined) throw new Error('it does not listen yet');
        return relay.port;
      },
      { timeout: 20_000 },
    );

  it('is started again when it dies', async () => {
    relay = new RelayProcess({ ...deps, port: 0 });
    relay.start(undefined);
    await listening();
    const { stdout } = await run('pgrep', ['-P', String(process.pid), '-f', 'relay-main']);
    for (const pid of stdout.trim().split('\n')) process.kill(Number(pid), 'SIGKILL');
    await vi.waitFor(() => expect(relay.port).toBeUndefined());
    const port = await listening();
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).ok).toBe(true);
  });

  it('leaves one entry in the log of the server when it crashes, however many lines that takes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guruconnect-relay-'));
    const entry = join(folder, 'crash.mjs');
    writeFileSync(entry, "throw new Error('one line\\nand another');");
    const entries: object[] = [];
    const log = { ...SILENT, error: (fields: object) => entries.push(fields) };
    relay = new RelayProcess({ ...deps, entry, log, port: 0 });
    relay.start(undefined);
    await vi.waitFor(() => expect(entries.length).toBeGreaterThan(0), { timeout: 20_000 });
    await relay.close();
    rmSync(folder, { recursive: true });
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ text: expect.stringMatching(/one line\nand another\n +at .*\n/s) });
  });

  it('serves the certificate of the server, and a newer one without a break', async () => {
    const authority = createAuthority('Test authority', Date.now());
    const issue = () => issueCertificate(authority, ['localhost', '127.0.0.1'], Date.now());
    const [first, second] = [issue(), issue()];
    relay = new RelayProcess({ ...deps, port: 0 });
    relay.start({ cert: first.certificate, key: first.key });
    const port = await listening();
    expect(await statusOf(port, authority.certificate)).toBe(200);
    const before = await serialOf(port, authority.certificate);
    relay.renew({ cert: second.certificate, key: second.key });
    await vi.waitFor(async () => expect(await serialOf(port, authority.certificate)).not.toBe(before));
    expect(relay.port).toBe(port);
  });
});

function statusOf(port: number, ca: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ host: 'localhost', port, path: '/healthz', ca }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}

function serialOf(port: number, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', servername: 'localhost', port, ca }, () => {
      const certificate: DetailedPeerCertificate = socket.getPeerCertificate(true);
      resolve(certificate.serialNumber);
      socket.end();
    });
    socket.on('error', reject);
  });
}
