import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../core/log.ts';
import { AlwaysOnPresence } from './always-on-presence.ts';
import type { SessionTicket } from './presence.ts';
import type { PresenceListener } from './presence-line.ts';

function start(kept?: SessionTicket) {
  let listener: PresenceListener | undefined;
  const told: unknown[] = [];
  const store = { ticket: kept };
  const presence = new AlwaysOnPresence({
    openLine: (given) => {
      listener = given;
      return { isUp: true, reconnect: () => told.push('reconnect'), close: async () => {} };
    },
    store: {
      load: async () => store.ticket,
      save: async (ticket) => {
        store.ticket = ticket;
      },
      remove: async () => {
        store.ticket = undefined;
      },
    },
    server: () => ({ serverPublicKey: 'key', companyName: 'Acme' }),
    log: silentLog,
    events: {
      onOnline: (isOnline, problem) => told.push(['online', isOnline, problem]),
      onCheckIn: (withinMs) => told.push(['check-in', withinMs]),
      onStop: (sessionId) => told.push(['stop', sessionId]),
      onReplaced: (ticket) => told.push(['replaced', ticket.sessionToken]),
    },
  });
  const say = () => listener as PresenceListener;
  const wanted = (sessionId: string, token: string) =>
    say().onStartSession({ type: 'start-session', sessionId, token });
  const next = () => presence.next(new AbortController().signal);
  return { presence, say, wanted, next, told, store };
}

const [ONE, TWO] = [randomUUID(), randomUUID()];

describe('an always-on agent', () => {
  it('waits for a call, and for the next one when that session is over', async () => {
    const { presence, wanted, next, store } = start();
    const first = next();
    wanted(ONE, 'a');
    const ticket = await first;
    expect(ticket).toMatchObject({
      sessionId: ONE,
      sessionToken: 'a',
      companyName: 'Acme',
      serverPublicKey: 'key',
    });
    expect(store.ticket).toEqual(ticket);
    await presence.ended(ticket as SessionTicket);
    expect(store.ticket).toBeUndefined();
    const second = next();
    wanted(TWO, 'b');
    expect(await second).toMatchObject({ sessionId: TWO });
  });

  it('does nothing when it is told again what it was told before', async () => {
    const { wanted, next, told } = start();
    wanted(ONE, 'a');
    await next();
    wanted(ONE, 'a');
    expect(told).toEqual([]);
  });

  it('goes on with a new token, known to viewers by the same key', async () => {
    const { wanted, next, told, store } = start();
    wanted(ONE, 'a');
    const before = await next();
    wanted(ONE, 'b');
    expect(told).toEqual([['replaced', 'b']]);
    expect(store.ticket).toEqual({ ...before, sessionToken: 'b' });
  });

  it('ends what runs when another session is wanted, which then is next', async () => {
    const { presence, wanted, next, told } = start();
    wanted(ONE, 'a');
    const first = (await next()) as SessionTicket;
    wanted(TWO, 'b');
    expect(told).toEqual([['stop', ONE]]);
    await presence.ended(first);
    expect(await next()).toMatchObject({ sessionId: TWO });
  });

  it('stops the session that it is told to and no other, also one that has not begun', async () => {
    const { say, wanted, next, told, presence } = start();
    wanted(ONE, 'a');
    const ticket = (await next()) as SessionTicket;
    say().onStop({ type: 'stop', sessionId: TWO });
    expect(told).toEqual([]);
    say().onStop({ type: 'stop', sessionId: ONE });
    expect(told).toEqual([['stop', ONE]]);
    await presence.ended(ticket);
    wanted(TWO, 'b');
    say().onStop({ type: 'stop', sessionId: TWO });
    const stopping = new AbortController();
    const waiting = presence.next(stopping.signal);
    stopping.abort();
    expect(await waiting).toBeUndefined();
  });

  it('goes on in the session that it was killed in, unless another is wanted by then', async () => {
    const kept: SessionTicket = {
      sessionId: ONE,
      sessionToken: 'a',
      companyName: 'Acme',
      serverPublicKey: 'key',
      identityKey: 'i',
    };
    expect(await start(kept).next()).toEqual(kept);
    const other = start(kept);
    other.wanted(TWO, 'b');
    expect(await other.next()).toMatchObject({ sessionId: TWO });
  });
});
