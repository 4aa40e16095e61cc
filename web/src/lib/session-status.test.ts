import type { SessionView } from '@guruconnect/shared';
import { expect, it } from 'vitest';
import { makeSession } from '../../test/support/make-session.ts';
import { describeSession, titleOf } from './session-status.ts';

const open = { lifecycle: { phase: 'open', openedAt: 1 } } as const;
const agent = { endpoint: { kind: 'agent', agentId: 'a', since: 1 } } as const;

function withGrant(grant: SessionView['participants'][number]['grant'], connected = true): SessionView {
  const participant = { id: 'p', userId: 'me', name: 'Me', grant, hasControl: false, connected };
  return makeSession({ ...open, ...agent, participants: [participant] });
}

it.each<[string, SessionView]>([
  ['Waiting', makeSession()],
  ['Starting', makeSession(open)],
  ['Connected', makeSession({ ...open, ...agent })],
  ['Asking consent', withGrant({ status: 'asked', wants: 'control', since: 1 })],
  ['Live', withGrant({ status: 'allowed', capability: 'view', since: 1 })],
  ['Connected', withGrant({ status: 'allowed', capability: 'view', since: 1 }, false)],
  ['Paused', withGrant({ status: 'paused', capability: 'view', since: 1 })],
  ['Lost', makeSession({ ...open, endpoint: { kind: 'lost', agentId: 'a', since: 1 } })],
  ['Ended', makeSession({ lifecycle: { phase: 'ended', openedAt: 1, endedAt: 2, reason: 'guest-stopped' } })],
])('is called %s', (label, session) => {
  expect(describeSession(session).label).toBe(label);
});

it('says after a refusal that consent can be asked for again', () => {
  expect(describeSession(withGrant({ status: 'refused', since: 1 })).detail).toContain('declined');
});

it('is named after its name, else the machine', () => {
  const machine = {
    hostname: 'PC-7',
    user: 'ann',
    os: 'linux',
    osName: 'Debian',
    agentVersion: '1',
    elevated: false,
  } as const;
  expect(titleOf(makeSession({ machine }))).toBe('PC-7');
  expect(titleOf(makeSession({ machine, name: 'Printer' }))).toBe('Printer');
  expect(titleOf(makeSession({ origin: 'portal' }))).toBe('Support request');
});
