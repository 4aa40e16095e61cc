import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  agentToServer,
  GuruError,
  type Handlers,
  handle,
  type Payload,
  type serverToAgent,
  toWireError,
} from '@guruconnect/shared';
import { type Socket, Server as SocketServer } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import { reconnectDelayMs } from '../src/link/back-off.ts';
import type { LinkOwner, ServerLink } from '../src/link/server-link.ts';
import { createSocketLinks } from '../src/link/socket-link.ts';
import { MACHINE, sessionView } from './support/start-session.ts';

const TOKEN = 'A'.repeat(43);
const SESSION = '9c1d7e30-42aa-4b6f-8f11-5a6b7c8d9e0f';

/** The server's side of `/agent`, on a real Socket.IO server that can be stopped and started on one port. */
class LinkServer {
  http: HttpServer | undefined;
  io: SocketServer | undefined;
  port = 0;
  readonly auths: unknown[] = [];
  readonly hellos: Payload<typeof agentToServer, 'agent:hello'>[] = [];
  readonly sockets: Socket[] = [];
  beats = 0;
  refusal: GuruError | undefined;
  /** Beats and greetings get no answer: the path is dead and the socket does not know. */
  mute = false;

  async start(): Promise<void> {
    this.http = createServer();
    this.io = new SocketServer(this.http, { transports: ['websocket'], pingInterval: 60_000 });
    const agents = this.io.of('/agent');
    agents.use((socket, next) => {
      this.auths.push(socket.handshake.auth);
      const wire = this.refusal && toWireError(this.refusal);
      if (wire) next(Object.assign(new Error(wire.message), { data: wire }));
      else next();
    });
    agents.on('connection', (socket) => {
      this.sockets.push(socket);
      handle(socket, agentToServer, this.#handlers(), () => {});
    });
    this.http.listen(this.port, '127.0.0.1');
    await once(this.http, 'listening');
    this.port = (this.http.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await this.io?.close();
  }

  #handlers(): Handlers<typeof agentToServer> {
    const nothing = () => ({});
    const answer = async <T>(value: T): Promise<T> => (this.mute ? new Promise<T>(() => {}) : value);
    return {
      'agent:hello': (payload) => {
        this.hellos.push(payload);
        return answer({
          session: sessionView(SESSION),
          grants: [],
          limits: { idleMs: null, endsAt: null },
        });
      },
      'agent:beat': () => {
        this.beats += 1;
        return answer({});
      },
      'consent:answer': nothing,
      'agent:stopped': nothing,
      'agent:displays': () => {},
      'peer:offer': () => {},
      'peer:candidate': () => {},
      'peer:state': () => {},
      'peer:renew': () => {},
      'audit:report': () => {},
    };
  }
}

let server: LinkServer;
let link: ServerLink | undefined;
let happened: string[];

beforeEach(async () => {
  server = new LinkServer();
  happened = [];
  await server.start();
});

afterEach(async () => {
  link?.close();
  link = undefined;
  await server.stop();
});

function openLink(): ServerLink {
  const owner: LinkOwner = {
    handlers: new Proxy({} as Handlers<typeof serverToAgent>, {
      get: (_target, name) => (payload: unknown) => {
        happened.push(`${String(name)} ${JSON.stringify(payload)}`);
        return { captureStoppedAfterMs: 7 };
      },
    }),
    hello: () => ({ machine: MACHINE, displays: [], peers: [SESSION] }),
    onUp: () => happened.push('up'),
    onDown: () => happened.push('down'),
    onRefused: (reason) => happened.push(`refused: ${reason}`),
    idleMs: () => 0,
  };
  const origin = `http://127.0.0.1:${server.port}`;
  const deps = { origin, sessionToken: TOKEN, clock: systemClock, random: () => 0.1, log: silentLog };
  link = createSocketLinks(deps)(owner);
  return link;
}

const until = (check: () => void, timeout = 8_000) => vi.waitFor(check, { timeout, interval: 20 });

describe('the link', () => {
  it('authenticates, greets, beats each second, and carries requests both ways', async () => {
    const opened = openLink();
    await until(() => expect(happened).toEqual(['up']));
    expect(server.auths).toEqual([{ protocol: 1, sessionToken: TOKEN }]);
    expect(server.hellos).toEqual([{ machine: MACHINE, displays: [], peers: [SESSION] }]);
    await until(() => expect(server.beats).toBeGreaterThanOrEqual(2));
    expect(await opened.ask('agent:stopped', { reason: 'agent-stopped' })).toEqual({});
    const reply: unknown = await server.sockets[0]?.emitWithAck('session:end', { reason: 'guest-stopped' });
    expect(reply).toEqual({ ok: true, value: { captureStoppedAfterMs: 7 } });
  });

  it('comes back by itself when the server was restarted, greeting anew', async () => {
    openLink();
    await until(() => expect(happened).toEqual(['up']));
    await server.stop();
    await until(() => expect(happened).toEqual(['up', 'down']));
    await sleep(300);
    await server.start();
    await until(() => expect(happened).toEqual(['up', 'down', 'up']));
    expect(server.hellos).toHaveLength(2);
  });

  it('keeps trying while the server was never there', async () => {
    await server.stop();
    openLink();
    await sleep(200);
    await server.start();
    await until(() => expect(happened).toEqual(['up']));
  });

  it('notices within four and a half seconds that nobody answers on an open socket', async () => {
    openLink();
    await until(() => expect(happened).toEqual(['up']));
    server.mute = true;
    const startedMs = performance.now();
    await until(() => expect(happened).toEqual(['up', 'down']));
    expect(performance.now() - startedMs).toBeLessThan(4_500);
    server.mute = false;
    await until(() => expect(happened).toEqual(['up', 'down', 'up']), 12_000);
  });

  it('comes back when the server hangs up on it', async () => {
    openLink();
    await until(() => expect(happened).toEqual(['up']));
    server.sockets[0]?.disconnect(true);
    await until(() => expect(happened).toEqual(['up', 'down', 'up']));
  });

  it('gives up when its token is not good, and says why', async () => {
    server.refusal = GuruError.unauthenticated();
    openLink();
    await until(() => expect(happened).toEqual(['refused: Sign in first.']));
    await sleep(500);
    expect(server.auths).toHaveLength(1);
  });

  it('does not take a server in trouble for a refusal', async () => {
    server.refusal = new GuruError('internal', 'Something went wrong on the server.');
    openLink();
    await until(() => expect(server.auths.length).toBeGreaterThanOrEqual(2));
    server.refusal = undefined;
    await until(() => expect(happened).toEqual(['up']));
  });

  it('answers a malformed message with a refusal and carries on', async () => {
    openLink();
    await until(() => expect(happened).toEqual(['up']));
    const reply: unknown = await server.sockets[0]?.emitWithAck('session:end', { reason: 'because' });
    expect(reply).toMatchObject({ ok: false, error: { code: 'invalid-message' } });
    expect(happened).toEqual(['up']);
  });

  it('asks nothing while it is down', async () => {
    await server.stop();
    const opened = openLink();
    await expect(opened.ask('agent:beat', { idleMs: 0 })).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('the back-off', () => {
  it('doubles, stays within five seconds and spreads over the whole step', () => {
    const longest = Array.from({ length: 12 }, (_, failures) => reconnectDelayMs(failures, () => 1));
    expect(longest.slice(0, 6)).toEqual([250, 500, 1000, 2000, 4000, 5000]);
    expect(Math.max(...longest)).toBe(5000);
    expect(reconnectDelayMs(9, () => 0)).toBe(0);
    expect(reconnectDelayMs(9, () => 0.5)).toBe(2500);
  });
});
