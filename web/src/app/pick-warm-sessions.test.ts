import { expect, it } from 'vitest';
import { makeSession } from '../../test/support/make-session.ts';
import { pickWarmSessions } from './pick-warm-sessions.ts';

const OPEN = {
  lifecycle: { phase: 'open', openedAt: 1 },
  endpoint: { kind: 'agent', agentId: 'a', since: 1 },
} as const;

function participant(userId: string, status: 'allowed' | 'refused', connected: boolean) {
  const grant =
    status === 'allowed' ? { status, capability: 'control' as const, since: 1 } : { status, since: 1 };
  return { id: `p-${userId}`, userId, name: userId, grant, hasControl: false, connected };
}

it('picks the two newest of my own sessions whose machine is connected', () => {
  const sessions = [1, 2, 3].map((createdAt) => makeSession({ ...OPEN, id: `s${createdAt}`, createdAt }));
  expect(pickWarmSessions(sessions, 'me')).toEqual(['s3', 's2']);
});

it('leaves alone what is not mine, not there, refused, or watched already', () => {
  const sessions = [
    makeSession({ ...OPEN, owner: { userId: 'other', name: 'Other', teamId: null } }),
    makeSession({}),
    makeSession({ ...OPEN, endpoint: { kind: 'lost', agentId: 'a', since: 1 } }),
    makeSession({ ...OPEN, participants: [participant('me', 'refused', false)] }),
    makeSession({ ...OPEN, participants: [participant('me', 'allowed', true)] }),
  ];
  expect(pickWarmSessions(sessions, 'me')).toEqual([]);
  expect(
    pickWarmSessions([makeSession({ ...OPEN, participants: [participant('me', 'allowed', false)] })], 'me'),
  ).toHaveLength(1);
});
