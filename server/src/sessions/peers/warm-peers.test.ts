import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { PeerRow } from '../../db/schema/sessions.ts';
import { WarmPeers } from './warm-peers.ts';

const peer = (change: Partial<PeerRow> = {}) =>
  ({ id: randomUUID(), loginId: 'login', createdAt: 0, warm: true, ...change }) as PeerRow;

it('counts what a login holds ready, not what has joined and waits for consent', () => {
  const warm = new WarmPeers();
  warm.note(peer());
  warm.note(peer({ warm: false }));
  warm.note(peer({ loginId: 'other' }));
  expect(warm.heldOf('login')).toBe(1);
});

it('names those that nobody has used for ten minutes', () => {
  const warm = new WarmPeers();
  const old = peer();
  const used = peer();
  warm.note(old);
  warm.note(used);
  warm.note(peer({ createdAt: 60_000 }));
  warm.forget(used.id);
  expect(warm.idleAt(10 * 60_000 - 1)).toEqual([]);
  expect(warm.idleAt(10 * 60_000)).toEqual([old]);
});

it('knows whether a peer stood when it is warm no more', () => {
  const warm = new WarmPeers();
  const one = peer();
  warm.note(one);
  expect(warm.connected(one.id)).toBe(true);
  expect(warm.forget(one.id)).toBe(true);
  expect(warm.forget(one.id)).toBe(false);
  expect(warm.connected(randomUUID())).toBe(false);
});
