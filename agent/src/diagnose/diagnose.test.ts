import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { MachineServer } from '../../test/support/machine-server.ts';
import { selfSigned } from '../../test/support/self-signed.ts';
import { hasTurnServer, startTurnServer, type TurnServer } from '../../test/support/turn-server.ts';
import { newIdentityKey, readIdentityKey } from '../secure/identity-key.ts';
import { IdentityStore } from '../state/machine-identity.ts';
import { StateFolder } from '../state/state-folder.ts';
import { diagnose } from './diagnose.ts';

const NOTHING = { ca: undefined, iceServers: [], proxies: undefined, namedProxies: [], stateDir: '/nowhere' };

async function look(origin: string, more: Partial<Parameters<typeof diagnose>[0]> = {}) {
  const lines: string[] = [];
  const code = await diagnose(
    { ...NOTHING, origin, ...more },
    { print: (line) => lines.push(line), systemProxies: async () => [] },
  );
  return { code, text: lines.join('\n') };
}

describe('with a server that is well', () => {
  const certificate = selfSigned();
  let server: MachineServer;

  beforeEach(async () => {
    server = new MachineServer(certificate);
    await server.start();
  });
  afterEach(() => server.stop());

  it('finds each part of the way good, and says who signed the certificate', async () => {
    const { code, text } = await look(server.origin, { ca: certificate.cert });
    expect(text).toMatch(/ok {4}Connection: 127\.0\.0\.1, port \d+ answers/);
    expect(text).toMatch(/Certificate: Signed by localhost, good until .+ That is soon\./);
    expect(text).toMatch(/ok {4}Line: A WebSocket opens and the server greets\./);
    expect(text).toContain('ok    Proxy: None is set.');
    expect(code).toBe(0);
  });

  it('tells that the certificate is not trusted', async () => {
    const { code, text } = await look(server.origin, { namedProxies: ['socks5://proxy:1080'] });
    expect(text).toMatch(/FAIL {2}Certificate: .*does not trust it/);
    expect(text).toMatch(
      /\? {5}Proxy: socks5:\/\/proxy:1080 is set, but not for this server or not as an HTTP proxy/,
    );
    expect(code).toBe(1);
  });
});

it('tells a clock that is wrong, and something else that answers in the server’s place', async () => {
  const page = createServer((_request, response) => {
    response.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString());
    response.end('Log in to the hotel’s network');
  }).listen(0, '127.0.0.1');
  await once(page, 'listening');
  const { port } = page.address() as AddressInfo;
  const { code, text } = await look(`http://127.0.0.1:${port}`);
  expect(text).toMatch(/\? {5}Clock: This computer’s clock is (?:3599|360\d) s behind the server’s/);
  expect(text).toMatch(/FAIL {2}Line: No WebSocket opens/);
  expect(code).toBe(1);
  page.close();
});

it('stops at what makes the rest useless', async () => {
  const { code, text } = await look('http://127.0.0.1:1');
  expect(text).toMatch(/FAIL {2}Connection/);
  expect(text).not.toContain('Line');
  expect(code).toBe(1);
});

describe.skipIf(!hasTurnServer)('the ways of sessions', () => {
  const server = new MachineServer();
  const stateDir = mkdtempSync(join(tmpdir(), 'guruconnect-doctor-'));
  let turn: TurnServer;

  beforeAll(async () => {
    await server.start();
    turn = await startTurnServer();
    const privateKey = newIdentityKey();
    const machineId = randomUUID();
    const { publicKey } = readIdentityKey(privateKey);
    server.machines.set(machineId, { machineId, publicKey, lastTimeMs: 0 });
    await new IdentityStore(new StateFolder(stateDir)).save({
      privateKey,
      origin: server.origin,
      hardwareId: '',
      ca: null,
      enrolment: {
        machineId,
        serverPublicKey: 'key',
        companyName: 'Acme',
        checkInSeconds: 900,
        labels: { ...server.labels, name: 'Till' },
      },
    });
  });
  afterAll(async () => {
    await server.stop();
    await turn.stop();
    rmSync(stateDir, { recursive: true });
  });
  const lookFrom = (config = {}) => look(server.origin, { stateDir, ...config });
  const secrets = () => {
    const wrong = turn.credentials('another secret');
    return { right: turn.credentials(), wrong };
  };

  it('are named by the server and tried, without touching the line', async () => {
    const urls = `turn:127.0.0.1:${turn.port}?transport=udp`;
    const { right } = secrets();
    const iceServers = [{ urls: `stun:127.0.0.1:${turn.port}` }, { urls, ...right }];
    server.ways = { iceServers, relayUrls: [`:${server.port}`] };
    const { code, text } = await lookFrom();
    expect(text).toMatch(/ok {4}STUN over UDP at 127\.0\.0\.1, port \d+: It answers/);
    expect(text).toMatch(/ok {4}TURN over UDP at .+: It gives this computer a place/);
    expect(text).toMatch(/ok {4}Sessions: They go directly where networks allow it, else through the TURN/);
    expect(text).not.toContain(right.credential);
    expect(server.online.size).toBe(0);
    expect(server.problems).toEqual([]);
    expect(code).toBe(0);
  });

  it('are tried when the clock is wrong', async () => {
    server.aheadMs = 3_600_000;
    for (const machine of server.machines.values()) machine.lastTimeMs = 0;
    const { text } = await lookFrom();
    expect(text).toMatch(/ok {4}TURN over UDP/);
    server.aheadMs = 0;
    server.problems.splice(0);
    for (const machine of server.machines.values()) machine.lastTimeMs = 0;
  });

  it('leave the relay when TURN takes no credentials and no UDP is answered', async () => {
    const silent = createSocket('udp4');
    silent.bind(0, '127.0.0.1');
    await once(silent, 'listening');
    const relay = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(relay, 'listening');
    const { port } = relay.address() as AddressInfo;
    const iceServers = [
      { urls: `turn:127.0.0.1:${turn.port}`, ...secrets().wrong },
      { urls: `stun:127.0.0.1:${silent.address().port}` },
    ];
    server.ways = { iceServers, relayUrls: [`:${port}`] };
    const { code, text } = await lookFrom();
    expect(text).toMatch(/\? {5}TURN over UDP at .+does not take the credentials/);
    expect(text).toMatch(/\? {5}STUN over UDP at .+no answer/);
    expect(text).toContain(`ok    Relay at 127.0.0.1, port ${port}: A WebSocket opens.`);
    expect(text).toContain(`They go over the relay on port ${port}: slower, still encrypted end to end.`);
    expect(code).toBe(0);
    relay.close();
    silent.close();
  });

  it('are none when the relay cannot be reached either', async () => {
    server.ways = { iceServers: [{ urls: 'turns:127.0.0.1:1' }], relayUrls: [':1'] };
    const { code, text } = await lookFrom();
    expect(text).toMatch(/\? {5}Relay at 127\.0\.0\.1, port 1: It cannot be reached/);
    expect(text).toMatch(/FAIL {2}Sessions: Neither UDP nor a relay gets through/);
    expect(code).toBe(1);
  });

  it('are not known of a server that is older, and not of one where this computer is not enrolled', async () => {
    server.ways = undefined;
    expect((await lookFrom()).text).toContain('this server is of an older version');
    const { text } = await look(server.origin);
    expect(text).toMatch(/STUN and TURN: Not tried: .+ so enrol this computer first/);
    const given = await look(server.origin, { iceServers: [`stun:127.0.0.1:${turn.port}`] });
    expect(given.text).toMatch(/ok {4}STUN over UDP at 127\.0\.0\.1/);
  });
});

it('shows no password of a proxy', async () => {
  const { text } = await look('http://127.0.0.1:1', {
    namedProxies: ['http://me:secret@proxy:3128', 'me:secret@p'],
  });
  expect(text).toContain('http://***@proxy:3128, ***@p is set');
  expect(text).not.toContain('secret');
});
