import { agentToServer, consoleToServer, guestToServer } from '@guruconnect/shared';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectSocket, makeSocket, untilDisconnected } from './support/connect-socket.ts';
import { startAgent } from './support/fake-agent.ts';
import { openConsole } from './support/fake-console.ts';
import { openGuestPanel } from './support/fake-guest.ts';
import { type Controlled, type Person, type Stage, setStage } from './support/stage.ts';

const HOSTILE: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a number', 7],
  ['a list', []],
  ['a long text', 'x'.repeat(5_000)],
  [
    'SQL for an id',
    { sessionId: "' OR 1=1 --", peerId: "' OR 1=1 --", participantId: '1;DROP TABLE sessions' },
  ],
  ['objects for values', { sessionId: { $ne: null }, peerId: {}, participantId: [], reason: {}, what: {} }],
  ['a prototype', JSON.parse('{"__proto__":{"sessionId":"x"},"constructor":{"prototype":{}}}')],
  ['numbers beyond all', { idleMs: -1e308, peerId: 1e308, displays: Number.MAX_VALUE, n: Number.NaN }],
  ['bytes', Buffer.from([0, 255, 1, 254])],
  ['depth', JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`)],
];
/** Messages whose payload may be anything at all. */
const TAKES_ANYTHING = ['sessions:watch', 'guest:watch', 'guest:stop'];

describe('hostile messages', () => {
  let stage: Stage;
  let owner: Person;
  let live: Controlled;

  beforeAll(async () => {
    stage = await setStage();
    owner = await stage.hire('tess', 'technician');
    live = await stage.control(owner);
  });
  afterAll(() => stage.close());

  const openings: [string, readonly string[], () => Promise<Socket>][] = [
    ['/console', Object.keys(consoleToServer), async () => (await openConsole(owner.client)).socket],
    [
      '/guest',
      Object.keys(guestToServer),
      async () => (await openGuestPanel(stage.url, { guestToken: live.guestToken })).socket,
    ],
    [
      '/agent',
      Object.keys(agentToServer),
      async () => {
        const attended = await stage.attend(owner);
        return attended.agent.socket;
      },
    ],
  ];

  describe.each(openings)('on %s', (_namespace, names, open) => {
    it.each(names.filter((name) => !TAKES_ANYTHING.includes(name)))('are refused as %s', async (name) => {
      const socket = await open();
      for (const [what, payload] of HOSTILE) {
        const reply = await socket.timeout(5_000).emitWithAck(name, payload);
        expect({ what, reply }).toMatchObject({
          what,
          reply: { ok: false, error: { code: 'invalid-message' } },
        });
      }
      expect(socket.connected).toBe(true);
      socket.disconnect();
    });

    it('are refused under names that do not exist', async () => {
      const socket = await open();
      for (const name of ['toString', '__proto__', 'constructor', 'session:end', 'x'.repeat(1_000)]) {
        const reply = await socket.timeout(5_000).emitWithAck(name, {});
        expect({ name, reply }).toMatchObject({ reply: { ok: false, error: { code: 'invalid-message' } } });
      }
      socket.disconnect();
    });

    it('end the connection when they do not end', async () => {
      const socket = await open();
      for (let i = 0; i < 40; i += 1) socket.emit(names[1] ?? '', { bad: i });
      await untilDisconnected(socket);
    });
  });

  it('leave rows in the audit log that name them', async () => {
    const { entries } = await stage.admin.client.call('listAudit', { query: { limit: 500 } });
    const refused = entries.filter((entry) => entry.action === 'message.refused');
    const namespaces = new Set(refused.map((entry) => entry.details.namespace));
    expect([...namespaces].sort()).toEqual(['/agent', '/console', '/guest']);
    expect(entries.map((entry) => entry.action)).toContain('socket.dropped');
  });

  it('lose nothing of the session that was attacked', async () => {
    const view = await owner.client.call('getSession', { params: { sessionId: live.session.id } });
    expect(view).toMatchObject({
      lifecycle: { phase: 'open' },
      endpoint: { kind: 'agent' },
      participants: [{ hasControl: true, connected: true }],
    });
    expect(live.agent.peers.has(live.peerId)).toBe(true);
  });

  it('end a connection that floods', async () => {
    const page = await openConsole(owner.client);
    for (let i = 0; i < 2_000; i += 1) page.tell('peer:close', { peerId: live.session.id });
    await untilDisconnected(page.socket);
    const { entries } = await stage.admin.client.call('listAudit', { query: { limit: 50 } });
    expect(entries.map((entry) => entry.action)).toContain('socket.flooded');
  });

  it('of an agent do not reach the peers of another session', async () => {
    const other = await stage.attend(owner);
    const { peerId } = live;
    const reply = await other.agent.socket
      .timeout(5_000)
      .emitWithAck('peer:offer', { peerId, sdp: 'not from your agent' });
    expect(reply).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
    const state = await other.agent.socket
      .timeout(5_000)
      .emitWithAck('peer:state', { peerId, state: 'closed' });
    expect(state).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
  });
});

describe('a connection that nobody should get', () => {
  let stage: Stage;
  let owner: Person;

  beforeAll(async () => {
    stage = await setStage();
    owner = await stage.hire('tess', 'technician');
  });
  afterAll(() => stage.close());

  const attempt = (namespace: string, options: Parameters<typeof makeSocket>[2]) =>
    connectSocket(makeSocket(stage.url, namespace, options)).then(
      () => 'connected',
      (error: Error & { code?: string }) => error.code ?? error.message,
    );

  it.each(['/console', '/guest', '/agent'])(
    'is refused on %s to a page of another origin',
    async (namespace) => {
      const { guestToken, sessionToken } = await stage.attend(owner);
      const auth = namespace === '/agent' ? { protocol: 1, sessionToken } : { guestToken };
      const headers = { cookie: owner.client.cookie() ?? '', origin: 'https://evil.example' };
      expect(await attempt(namespace, { auth, headers })).toBe('websocket error');
      expect(await attempt(namespace, { auth, headers: { ...headers, origin: stage.url } })).toBe(
        'connected',
      );
    },
  );

  it('is refused on /console without an origin, and without a login', async () => {
    const cookie = owner.client.cookie() ?? '';
    expect(await attempt('/console', { headers: { cookie } })).toBe('bad-origin');
    expect(await attempt('/console', { headers: { origin: stage.url } })).toBe('unauthenticated');
    const forged = { cookie: cookie.replace(/=.*/, `=${'A'.repeat(43)}`), origin: stage.url };
    expect(await attempt('/console', { headers: forged })).toBe('unauthenticated');
  });

  it('is refused to wrong, foreign and malformed tokens', async () => {
    const { guestToken, sessionToken } = await stage.attend(owner);
    const wrong = 'A'.repeat(43);
    expect(await attempt('/agent', { auth: { protocol: 1, sessionToken: wrong } })).toBe('unauthenticated');
    expect(await attempt('/agent', { auth: { protocol: 1, sessionToken: guestToken } })).toBe(
      'unauthenticated',
    );
    expect(await attempt('/agent', { auth: { protocol: 2, sessionToken } })).toBe('unsupported-version');
    expect(await attempt('/agent', { auth: { protocol: 1, sessionToken: ['x'] } })).toBe('invalid-message');
    expect(await attempt('/guest', { auth: { guestToken: sessionToken } })).toBe('unauthenticated');
    expect(await attempt('/guest', { auth: {} })).toBe('invalid-message');
    expect(await attempt('/nowhere', {})).toBe('Invalid namespace');
  });

  it('goes to the newest when an agent connects twice', async () => {
    const { agent, sessionToken } = await stage.attend(owner);
    const second = await startAgent(stage.url, sessionToken);
    await untilDisconnected(agent.socket);
    expect(second.socket.connected).toBe(true);
    second.close();
  });
});
