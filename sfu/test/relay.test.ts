import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { RELAY_CLOSE, RELAY_LIMITS, type RelayRole, type RelayTicketClaims } from '@guruconnect/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../src/core/clock.ts';
import { type RelayServer, startRelayServer } from '../src/relay/relay-server.ts';

const SECRET = 'a secret that both the server and the relay know';
const ORIGIN = 'https://help.example';
const QUIET = { info() {}, warn() {}, error() {} };

let relay: RelayServer;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  relay = await startRelayServer({
    host: '127.0.0.1',
    port: 0,
    secret: SECRET,
    tls: undefined,
    clock: systemClock,
    log: QUIET,
  });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await relay.close();
});

function ticket(changes: Partial<RelayTicketClaims> = {}, secret = SECRET): string {
  const claims: RelayTicketClaims = {
    v: 1,
    peerId: randomUUID(),
    joinBy: Date.now() + 60_000,
    origin: ORIGIN,
    limits: RELAY_LIMITS,
    ...changes,
  };
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${payload}.${createHmac('sha256', secret).update(payload).digest('base64url')}`;
}

interface End {
  readonly socket: WebSocket;
  readonly paired: Promise<unknown>;
  /** The close code. */
  readonly closed: Promise<number>;
}

async function connect(origin?: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${relay.port}/`, { origin, perMessageDeflate: false });
  sockets.push(socket);
  await once(socket, 'open');
  return socket;
}

async function join(
  role: RelayRole,
  text: string,
  origin = role === 'viewer' ? ORIGIN : undefined,
): Promise<End> {
  const socket = await connect(origin);
  const end = {
    socket,
    paired: new Promise((resolve) => {
      socket.once('message', (data, isBinary) => resolve(isBinary || JSON.parse(String(data))));
    }),
    closed: new Promise<number>((resolve) => {
      socket.once('close', (code) => resolve(code));
    }),
  };
  socket.send(JSON.stringify({ v: 1, role, ticket: text }));
  return end;
}

async function pair(text = ticket()): Promise<{ agent: End; viewer: End }> {
  const agent = await join('agent', text);
  const viewer = await join('viewer', text);
  expect(await Promise.all([agent.paired, viewer.paired])).toEqual([{ type: 'paired' }, { type: 'paired' }]);
  return { agent, viewer };
}

describe('a pair', () => {
  it('hears each other byte for byte and nothing of others', async () => {
    const first = await pair();
    const second = await pair();
    const heard = once(first.viewer.socket, 'message');
    const answered = once(first.agent.socket, 'message');
    second.viewer.socket.on('message', () => expect.unreachable('it is not for this one'));
    const bytes = Buffer.from([0, 1, 2, 255, 0, 0, 1]);
    first.agent.socket.send(bytes);
    first.viewer.socket.send(Buffer.from('back'));
    expect(await heard).toEqual([bytes, true]);
    expect(await answered).toEqual([Buffer.from('back'), true]);
  });

  it('ends for both when one goes', async () => {
    const { agent, viewer } = await pair();
    agent.socket.close();
    expect(await viewer.closed).toBe(RELAY_CLOSE.partnerGone);
  });

  it('ends when one of them speaks text or too much at once', async () => {
    const first = await pair();
    first.viewer.socket.send('hello');
    expect(await first.viewer.closed).toBe(RELAY_CLOSE.malformed);
    expect(await first.agent.closed).toBe(RELAY_CLOSE.partnerGone);
    const second = await pair();
    second.agent.socket.send(Buffer.alloc(70_000));
    expect(await second.agent.closed).toBe(1009);
    expect(await second.viewer.closed).toBe(RELAY_CLOSE.partnerGone);
  });

  it('costs the relay a bounded amount of memory when one end does not read, and goes on when it does', async () => {
    const { agent, viewer } = await pair();
    viewer.socket.pause();
    const message = Buffer.alloc(60_000, 7);
    let sentBytes = 0;
    // Until the relay reads no more and the sockets between are full.
    while (agent.socket.bufferedAmount < 1_000_000 && sentBytes < 200_000_000) {
      agent.socket.send(message);
      sentBytes += message.length;
      await new Promise(setImmediate);
    }
    expect(agent.socket.bufferedAmount).toBeGreaterThan(900_000);
    expect(await metric('relay_buffered_bytes')).toBeLessThan(400_000);
    let gotBytes = 0;
    const gotAll = new Promise<void>((resolve) => {
      viewer.socket.on('message', (data: Buffer) => {
        gotBytes += data.length;
        if (gotBytes === sentBytes) resolve();
      });
    });
    viewer.socket.resume();
    await gotAll;
    expect(await metric('relay_passed_bytes_total')).toBe(sentBytes);
  });

  it('is read no faster than its ticket allows', async () => {
    const limits = { bytesPerSecond: 200_000, seconds: 60 };
    const { agent, viewer } = await pair(ticket({ limits }));
    const startedMs = performance.now();
    let gotBytes = 0;
    const gotAll = new Promise<void>((resolve) => {
      viewer.socket.on('message', (data: Buffer) => {
        gotBytes += data.length;
        if (gotBytes === 400_000) resolve();
      });
    });
    for (let sent = 0; sent < 400_000; sent += 10_000) agent.socket.send(Buffer.alloc(10_000));
    await gotAll;
    // One second's worth comes at once, the rest takes another second.
    expect(performance.now() - startedMs).toBeGreaterThan(800);
  });

  it('has an end in time', async () => {
    const { agent } = await pair(ticket({ limits: { ...RELAY_LIMITS, seconds: 1 } }));
    expect(await agent.closed).toBe(RELAY_CLOSE.timeUp);
  });
});

describe('the door', () => {
  it('refuses tickets of another secret, changed ones, and what is none', async () => {
    const good = ticket();
    const [payload = '', mac = ''] = good.split('.');
    const other = Buffer.from(payload, 'base64url').toString().replace('"v":1', '"v": 1');
    for (const bad of [
      ticket({}, 'another secret, of nobody that we know here'),
      `${Buffer.from(other).toString('base64url')}.${mac}`,
      `${good}=`,
      `${good}.`,
      payload,
      'x',
    ]) {
      expect(await (await join('agent', bad)).closed).toBe(RELAY_CLOSE.refused);
    }
    const silent = await connect();
    silent.send(Buffer.from('binary before the join'));
    expect((await once(silent, 'close'))[0]).toBe(RELAY_CLOSE.refused);
  });

  it('refuses an expired ticket', async () => {
    const late = await join('agent', ticket({ joinBy: Date.now() - 1 }));
    expect(await late.closed).toBe(RELAY_CLOSE.expired);
  });

  it('refuses a third end, also in place of one that has gone, and leaves the pair alone', async () => {
    const text = ticket();
    const { agent, viewer } = await pair(text);
    for (const role of ['agent', 'viewer'] as const) {
      expect(await (await join(role, text)).closed).toBe(RELAY_CLOSE.used);
    }
    const heard = once(viewer.socket, 'message');
    agent.socket.send(Buffer.from('still here'));
    expect(await heard).toEqual([Buffer.from('still here'), true]);
    agent.socket.close();
    await viewer.closed;
    expect(await (await join('agent', text)).closed).toBe(RELAY_CLOSE.used);
  });

  it('lets only the page that the ticket names be the viewer, and no page be the agent', async () => {
    expect(await (await join('viewer', ticket(), 'https://evil.example')).closed).toBe(RELAY_CLOSE.refused);
    expect(await (await join('agent', ticket(), ORIGIN)).closed).toBe(RELAY_CLOSE.refused);
    const programme = await connect();
    programme.send(JSON.stringify({ v: 1, role: 'viewer', ticket: ticket() }));
    expect((await once(programme, 'close'))[0]).toBe(RELAY_CLOSE.refused);
  });

  it('keeps nothing that is said before the other end is there', async () => {
    const agent = await join('agent', ticket());
    agent.socket.send(Buffer.from('early'));
    expect(await agent.closed).toBe(RELAY_CLOSE.malformed);
  });

  it('takes only so many of one address that have not shown a ticket', async () => {
    const waiting = await Promise.all(Array.from({ length: 32 }, () => connect()));
    const surplus = await connect();
    expect((await once(surplus, 'close'))[0]).toBe(RELAY_CLOSE.full);
    const gone = once(waiting[0] as WebSocket, 'close');
    waiting[0]?.close();
    await gone;
    await pair();
  });

  it('says that it is well, and tells its numbers', async () => {
    await pair();
    const health = await fetch(`http://127.0.0.1:${relay.port}/healthz`);
    expect(await health.json()).toEqual({ status: 'ok' });
    expect(await metric('relay_pairs')).toBe(1);
    expect((await fetch(`http://127.0.0.1:${relay.port}/`)).status).toBe(404);
  });

  it('tells everybody when it closes', async () => {
    const { agent, viewer } = await pair();
    await relay.close();
    expect(await Promise.all([agent.closed, viewer.closed])).toEqual([1001, 1001]);
  });
});

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${relay.port}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
}
