import { expect, it } from 'vitest';
import { makeSession } from '../../../test/support/make-session.ts';
import { groupSessions, mergeSessions } from './group-sessions.ts';

const owned = (userId: string, name: string) => ({ owner: { userId, name, teamId: 't' } });
const open = { lifecycle: { phase: 'open', openedAt: 5 } } as const;
const ids = (sessions: readonly { id: string }[]) => sessions.map((one) => one.id);
const knock = { id: 'k', kind: 'agent', address: '10.0.0.1', machine: null, at: 1 } as const;

it('parts sessions into mine, available, and others by the name of their technician', () => {
  const groups = groupSessions(
    [
      makeSession({ id: 'mine' }),
      makeSession({ id: 'free', owner: null }),
      makeSession({ id: 'z', ...owned('z', 'Zoe') }),
      makeSession({ id: 'a', ...owned('a', 'Adam') }),
    ],
    'me',
  );
  expect(ids(groups.mine)).toEqual(['mine']);
  expect(ids(groups.available)).toEqual(['free']);
  expect(groups.team.map((group) => [group.name, ids(group.sessions)])).toEqual([
    ['Adam', ['a']],
    ['Zoe', ['z']],
  ]);
});

it('keeps two technicians of the same name apart', () => {
  const groups = groupSessions(
    [makeSession({ id: '1', ...owned('x', 'Sam') }), makeSession({ id: '2', ...owned('y', 'Sam') })],
    'me',
  );
  expect(groups.team).toHaveLength(2);
});

it('puts those at the door first, then running ones, then the newest codes', () => {
  const { mine } = groupSessions(
    [
      makeSession({ id: 'old', createdAt: 1 }),
      makeSession({ id: 'new', createdAt: 2 }),
      makeSession({ id: 'running', createdAt: 0, ...open }),
      makeSession({ id: 'door', createdAt: 0, ...open, knocks: [knock] }),
    ],
    'me',
  );
  expect(ids(mine)).toEqual(['door', 'running', 'new', 'old']);
});

it('lists ended sessions apart, the last end first', () => {
  const ended = (id: string, endedAt: number) =>
    makeSession({ id, lifecycle: { phase: 'ended', openedAt: null, endedAt, reason: 'cancelled' } });
  const groups = groupSessions([ended('early', 1), ended('late', 2)], 'me');
  expect(ids(groups.ended)).toEqual(['late', 'early']);
  expect(groups.mine).toEqual([]);
});

it('keeps the newer of two views of a session, whichever list it came from', () => {
  const merged = mergeSessions(
    [makeSession({ id: 'a', version: 3 }), makeSession({ id: 'b', version: 1 })],
    [makeSession({ id: 'a', version: 2 }), makeSession({ id: 'b', version: 2 }), makeSession({ id: 'c' })],
  );
  expect(Object.fromEntries(merged.map((one) => [one.id, one.version]))).toEqual({ a: 3, b: 2, c: 1 });
});
