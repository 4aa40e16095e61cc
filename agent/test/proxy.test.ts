import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GuruError, laneOf, relayPackets } from '@guruconnect/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { systemClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import { diagnose } from '../src/diagnose/diagnose.ts';
import { createSocketLinks } from '../src/link/socket-link.ts';
import { postJson } from '../src/presence/http-post.ts';
import { openTunnel } from '../src/proxy/open-tunnel.ts';
import { RelaySocket } from '../src/relay/relay-socket.ts';
import { runCommand, ServiceProgram } from './support/agent-program.ts';
import { ConnectProxy, type ConnectProxyOptions } from './support/connect-proxy.ts';
import { MachineServer } from './support/machine-server.ts';
import { startTestRelay } from './support/relay-process.ts';
import { RelayViewer } from './support/relay-viewer.ts';
import { selfSigned } from './support/self-signed.ts';

/** Nobody but the proxy finds it. */
const HOST = 'help.test';
const certificate = selfSigned(`DNS:${HOST}`);
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function startProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const proxy = await ConnectProxy.start(options);
  closing.push(() => proxy.close());
  return proxy;
}

async function startServer(): Promise<{ server: MachineServer; origin: string; target: string }> {
  const server = new MachineServer(certificate);
  await server.start();
  closing.push(() => server.stop());
  return { server, origin: `https://${HOST}:${server.port}`, target: `${HOST}:${server.port}` };
}

/** As the environment would say it. */
const by = (proxy: string) => ({ secure: proxy, plain: proxy, exceptions: [] });
const urlOf = (proxy: ConnectProxy, credentials = '') => `http://${credentials}${proxy.address}`;

describe('a tunnel', () => {
  const open = (proxy: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
    openTunnel({ proxy: new URL(proxy), host: HOST, port: 443, ca: undefined, ...more });

  it('is refused to those whom the proxy does not know, without telling their password', async () => {
    const proxy = await startProxy({ credentials: 'me:sesame' });
    for (const credentials of ['', 'me:wrong@']) {
      await expect(open(urlOf(proxy, credentials))).rejects.toThrow(
        `The proxy http://${proxy.address} wants another name and password than it was given, if any. (407)`,
      );
    }
    expect(proxy.tunnels).toEqual([]);
  });

  it.each([
    [403, /does not let connections to help\.test:443 pass\. \(403\)/],
    [503, /cannot reach help\.test:443 itself\. \(503\)/],
    [301, /makes no connection to help\.test:443\. \(301\)/],
    ['dying', /cannot be used: .+/],
    ['page', /cannot be used: .+/],
  ] as const)('is none where the proxy answers %s, and says so', async (mood, message) => {
    const proxy = await startProxy();
    proxy.mood = mood;
    await expect(open(urlOf(proxy))).rejects.toThrow(message);
    await vi.waitFor(() => expect(proxy.open).toBe(0));
  });

  it('is given up where the proxy says nothing, and when nobody wants it any more', async () => {
    const proxy = await startProxy();
    proxy.mood = 'silent';
    await expect(open(urlOf(proxy), { timeoutMs: 100 })).rejects.toThrow(/did not answer in time/);
    const unwanted = new AbortController();
    const opening = open(urlOf(proxy), { signal: unwanted.signal });
    await vi.waitFor(() => expect(proxy.open).toBe(1));
    unwanted.abort(new Error('no longer'));
    await expect(opening).rejects.toThrow('no longer');
    await vi.waitFor(() => expect(proxy.open).toBe(0));
  });

  it('is none without the proxy: nothing is tried directly', async () => {
    await expect(open('http://127.0.0.1:1')).rejects.toThrow(/127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/);
  });
});

describe('requests', () => {
  const ask = (url: string, proxy: string, ca: readonly string[] = [certificate.cert]) =>
    postJson(new URL('/healthz', url), '{}', z.unknown(), {
      ca,
      proxies: by(proxy),
      signal: AbortSignal.timeout(5_000),
    });

  it('pass with name and password, and leave looking up the server to the proxy', async () => {
    const { origin, target } = await startServer();
    const proxy = await startProxy({ credentials: 'me:pass word%' });
    await expect(ask(origin, urlOf(proxy, 'me:pass%20word%25@'))).resolves.toEqual({});
    await expect(ask(origin, urlOf(proxy, 'me:pass%20word%@'))).resolves.toEqual({});
    expect(proxy.tunnels.map((one) => one.target)).toEqual([target, target]);
    expect(proxy.bytes.get(target)).toBeGreaterThan(1_000);
  });

  it('are for the server alone: its certificate is looked at inside the tunnel', async () => {
    const { server, origin } = await startServer();
    const proxy = urlOf(await startProxy());
    await expect(ask(origin, proxy, [selfSigned().cert])).rejects.toThrow(/self-signed certificate/);
    await expect(ask(`https://other.test:${server.port}`, proxy)).rejects.toThrow(
      /does not match certificate's altnames/,
    );
  });

  it('pass through a proxy that is spoken with over TLS', async () => {
    const { origin, target } = await startServer();
    const tls = selfSigned();
    const proxy = await startProxy({ tls });
    const https = `https://${proxy.address}`;
    await expect(ask(origin, https, [certificate.cert, tls.cert])).resolves.toEqual({});
    expect(proxy.tunnels.map((one) => one.target)).toEqual([target]);
    await expect(ask(origin, https)).rejects.toThrow(/The proxy .+ cannot be used: self-signed certificate/);
  });

  it('tell what the proxy has against them', async () => {
    const { origin } = await startServer();
    const proxy = await startProxy({ credentials: 'me:sesame' });
    await expect(ask(origin, urlOf(proxy))).rejects.toEqual(
      new GuruError(
        'unavailable',
        `The server cannot be reached. The proxy http://${proxy.address} wants another name and password than it was given, if any. (407)`,
      ),
    );
  });
});

it('the line of a session goes by the proxy', async () => {
  const { server, origin, target } = await startServer();
  const proxy = await startProxy();
  const link = createSocketLinks({
    origin,
    ca: [certificate.cert],
    proxies: by(urlOf(proxy)),
    sessionToken: 'A'.repeat(43),
    clock: systemClock,
    random: Math.random,
    log: silentLog,
  })({
    // It is never up: this server knows no sessions.
    handlers: new Proxy({} as never, { get: () => () => {} }),
    hello: () => ({}) as never,
    onUp: () => {},
    onDown: () => {},
    onRefused: () => {},
    idleMs: () => 0,
  });
  closing.push(() => link.close());
  await vi.waitFor(() => expect(proxy.tunnels.map((one) => one.target)).toContain(target), 5_000);
  expect(server.problems).toEqual([]);
});

it('pictures and input go through the proxy to the relay, over TLS inside, and end with it', async () => {
  const tls = selfSigned(`DNS:${HOST},IP:127.0.0.1`);
  const relay = await startTestRelay(tls);
  closing.push(() => relay.close());
  const port = new URL(relay.url).port;
  const proxy = await startProxy({ credentials: 'me:sesame' });
  const ticket = relay.ticket();
  let isPaired = false;
  let closed: string | undefined;
  const socket = new RelaySocket(
    {
      url: `wss://${HOST}:${port}/`,
      ticket,
      ca: [tls.cert],
      proxies: by(urlOf(proxy, 'me:sesame@')),
    },
    {
      onPaired: () => {
        isPaired = true;
      },
      onPacket: () => {},
      onClosed: (why) => {
        closed = why;
      },
    },
  );
  const viewer = await RelayViewer.join(relay.url, ticket, tls.cert);
  await vi.waitFor(() => expect(isPaired).toBe(true));
  const big = new Uint8Array(40_000).fill(7);
  for (let i = 0; i < 50; i += 1) {
    for (const packet of relayPackets(laneOf('tiles'), big)) socket.send(packet, () => {});
  }
  await vi.waitFor(() => expect(viewer.heard.length).toBe(50), 10_000);
  expect(proxy.bytes.get(`${HOST}:${port}`)).toBeGreaterThan(50 * big.length);
  proxy.cut();
  await vi.waitFor(() => expect(closed).toMatch(/the relay closed the connection/));
});

describe('a machine of a network where only a proxy leads out', () => {
  let proxy: ConnectProxy;
  let server: MachineServer;
  let origin: string;
  let target: string;
  let dir: string;
  let service: ServiceProgram | undefined;

  beforeEach(async () => {
    ({ server, origin, target } = await startServer());
    proxy = await startProxy({ credentials: 'me:sesame' });
    dir = path.join(await mkdtemp(path.join(tmpdir(), 'gc-proxied-')), 'state');
    closing.push(() => rm(path.dirname(dir), { recursive: true }));
  });
  afterEach(async () => {
    await service?.stop();
    service = undefined;
  });

  it('keeps the proxy that it was enrolled by: its service goes by it, and comes back when it does', async () => {
    const caFile = path.join(path.dirname(dir), 'ca.pem');
    await writeFile(caFile, certificate.cert);
    const order = ['--enrol', '--server', origin, '--token', server.token, '--state-dir', dir];
    const refused = await runCommand([...order, '--ca-file', caFile], { HTTPS_PROXY: urlOf(proxy) });
    expect(refused).toMatchObject({ code: 1, output: expect.stringMatching(/\(407\)/) });
    const told = { HTTPS_PROXY: urlOf(proxy, 'me:sesame@') };
    expect(await runCommand([...order, '--ca-file', caFile], told)).toMatchObject({ code: 0 });
    expect((await stat(path.join(dir, 'proxy.json'))).mode & 0o777).toBe(0o600);

    // It has no environment of anybody's.
    service = new ServiceProgram(['--state-dir', dir, '--log', 'debug']);
    await server.until(() => server.online.size === 1 && server.checkIns.length > 0);
    expect(new Set(proxy.tunnels.map((one) => one.target))).toEqual(new Set([target]));
    proxy.cut();
    await server.until(() => server.online.size === 0);
    await server.until(() => server.online.size === 1);
    await service.stop();
    const output = service.log;
    expect(output).toContain(`"proxy":"http://${proxy.address}"`);
    expect(output).not.toContain('sesame');

    const away = await runCommand(['--reconfigure', '--proxy', 'none', '--state-dir', dir]);
    expect(away).toEqual({ code: 0, output: 'The server is reached without a proxy.\n' });
    await expect(readFile(path.join(dir, 'proxy.json'))).rejects.toThrow(/ENOENT/);
  });

  it('says on the computer what the proxy has against it', async () => {
    const caFile = path.join(path.dirname(dir), 'ca.pem');
    await writeFile(caFile, certificate.cert);
    const order = ['--enrol', '--server', origin, '--token', server.token, '--state-dir', dir];
    await runCommand([...order, '--ca-file', caFile], { HTTPS_PROXY: urlOf(proxy, 'me:sesame@') });
    await runCommand(['--reconfigure', '--proxy', urlOf(proxy, 'me:old@'), '--state-dir', dir]);
    service = new ServiceProgram(['--state-dir', dir, '--log', 'debug']);
    await vi.waitFor(async () => {
      const { output } = await runCommand(['--status', '--state-dir', dir]);
      expect(output).toContain('wants another name and password');
      expect(output).not.toContain('old');
    }, 15_000);
    await service.stop();
    expect(service.log).not.toMatch(/me:old|bWU6b2xk/);
  });
});

describe('the connection doctor', () => {
  async function look(origin: string, proxy: string) {
    const lines: string[] = [];
    const code = await diagnose(
      {
        origin,
        ca: certificate.cert,
        iceServers: [],
        proxies: by(proxy),
        namedProxies: [proxy],
        stateDir: '/nowhere',
      },
      { print: (line) => lines.push(line), systemProxies: async () => [] },
    );
    return { code, text: lines.join('\n') };
  }

  it('goes the way that sessions go, and names the proxy', async () => {
    const { origin, server } = await startServer();
    const proxy = await startProxy({ credentials: 'me:sesame' });
    const { code, text } = await look(origin, urlOf(proxy, 'me:sesame@'));
    expect(text).toContain(`ok    Proxy: http://${proxy.address} leads to the server.`);
    expect(text).toContain('ok    Name: 127.0.0.1 is an address');
    expect(text).toMatch(
      new RegExp(`ok {4}Connection: The proxy leads to ${HOST}, port ${server.port} after \\d+ ms`),
    );
    expect(text).toMatch(/Certificate: Signed by localhost/);
    expect(text).toMatch(/ok {4}Line: A WebSocket opens/);
    expect(text).not.toContain('sesame');
    expect(code).toBe(0);
  });

  it('says that the proxy does not let it pass, and that there is none', async () => {
    const { origin } = await startServer();
    const proxy = await startProxy({ credentials: 'me:sesame' });
    const refused = await look(origin, urlOf(proxy));
    expect(refused.text).toMatch(/FAIL {2}Connection: The proxy .+ wants another name and password/);
    expect(refused.code).toBe(1);
    const none = await look(origin, 'http://127.0.0.1:1');
    expect(none.text).toMatch(/FAIL {2}Connection: The proxy http:\/\/127\.0\.0\.1:1 cannot be used/);
  });
});
