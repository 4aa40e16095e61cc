import { describe, expect, it } from 'vitest';
import { advance, capabilitiesOf, type SessionEvent } from './advance-session.ts';
import { INITIAL_SESSION_STATE, type SessionState } from './session-state.ts';

const AGENT = '00000000-0000-4000-8000-00000000000a';
const OTHER_AGENT = '00000000-0000-4000-8000-00000000000b';
const TESS = {
  id: '00000000-0000-4000-8000-000000000001',
  userId: '00000000-0000-4000-8000-000000000011',
  name: 'Tess',
};
const SAM = {
  id: '00000000-0000-4000-8000-000000000002',
  userId: '00000000-0000-4000-8000-000000000012',
  name: 'Sam',
};

/** Events by short names, so that a row of the table below reads like a sentence. */
const EVENTS = {
  guest: { type: 'guest-joined', at: 1 },
  agent: { type: 'agent-attached', agentId: AGENT, at: 2 },
  otherAgent: { type: 'agent-attached', agentId: OTHER_AGENT, at: 3 },
  replace: { type: 'agent-replaced', agentId: OTHER_AGENT, at: 4 },
  lose: { type: 'agent-lost', agentId: AGENT, at: 5 },
  loseOther: { type: 'agent-lost', agentId: OTHER_AGENT, at: 6 },
  join: { type: 'participant-joined', participant: TESS, wants: 'control', consent: 'ask', at: 7 },
  joinToView: { type: 'participant-joined', participant: TESS, wants: 'view', consent: 'ask', at: 7 },
  joinWaived: { type: 'participant-joined', participant: TESS, wants: 'control', consent: 'waived', at: 7 },
  samJoins: { type: 'participant-joined', participant: SAM, wants: 'control', consent: 'waived', at: 8 },
  leave: { type: 'participant-left', participantId: TESS.id, at: 9 },
  allow: { type: 'consent-answered', participantId: TESS.id, answer: 'control', at: 10 },
  allowView: { type: 'consent-answered', participantId: TESS.id, answer: 'view', at: 11 },
  refuse: { type: 'consent-answered', participantId: TESS.id, answer: 'refuse', at: 12 },
  withdraw: { type: 'consent-withdrawn', participantId: TESS.id, at: 13 },
  pause: { type: 'participant-paused', participantId: TESS.id, at: 14 },
  resume: { type: 'participant-resumed', participantId: TESS.id, at: 15 },
  take: { type: 'control-taken', participantId: TESS.id, at: 16 },
  samTakes: { type: 'control-taken', participantId: SAM.id, at: 16 },
  release: { type: 'control-released', participantId: TESS.id, at: 17 },
  end: { type: 'ended', reason: 'technician-ended', at: 18 },
} satisfies Record<string, SessionEvent>;
type Name = keyof typeof EVENTS;
const NAMES = Object.keys(EVENTS) as Name[];

function after(...names: Name[]): SessionState {
  return names.reduce((state, name) => {
    const next = advance(state, EVENTS[name]);
    if (!next.ok) throw new Error(`${name}: ${next.reason}`);
    return next.state;
  }, INITIAL_SESSION_STATE);
}

/** Every event that is legal in each situation; all others must be refused. */
const LEGAL: { situation: string; path: Name[]; legal: Name[] }[] = [
  { situation: 'a code waits', path: [], legal: ['guest', 'agent', 'otherAgent', 'replace', 'end'] },
  {
    situation: 'the guest is there',
    path: ['guest'],
    legal: ['agent', 'otherAgent', 'replace', 'join', 'joinToView', 'joinWaived', 'samJoins', 'end'],
  },
  {
    situation: 'the agent is there',
    path: ['agent'],
    legal: ['guest', 'agent', 'replace', 'lose', 'join', 'joinToView', 'joinWaived', 'samJoins', 'end'],
  },
  {
    situation: 'the agent is lost',
    path: ['guest', 'agent', 'lose'],
    legal: ['agent', 'replace', 'join', 'joinToView', 'joinWaived', 'samJoins', 'end'],
  },
  {
    situation: 'another agent was let in',
    path: ['guest', 'agent', 'replace'],
    legal: ['otherAgent', 'replace', 'loseOther', 'join', 'joinToView', 'joinWaived', 'samJoins', 'end'],
  },
  {
    situation: 'consent is asked',
    path: ['guest', 'agent', 'join'],
    legal: [
      'agent',
      'replace',
      'lose',
      'join',
      'joinToView',
      'joinWaived',
      'samJoins',
      'leave',
      'allow',
      'allowView',
      'refuse',
      'withdraw',
      'end',
    ],
  },
  {
    situation: 'control is allowed and held',
    path: ['guest', 'agent', 'join', 'allow'],
    legal: [
      'agent',
      'replace',
      'lose',
      'join',
      'joinToView',
      'joinWaived',
      'samJoins',
      'leave',
      'withdraw',
      'pause',
      'take',
      'release',
      'end',
    ],
  },
  {
    situation: 'only viewing is allowed',
    path: ['guest', 'agent', 'join', 'allowView'],
    legal: [
      'agent',
      'replace',
      'lose',
      'join',
      'joinToView',
      'joinWaived',
      'samJoins',
      'leave',
      'withdraw',
      'pause',
      'end',
    ],
  },
  {
    situation: 'consent was refused',
    path: ['guest', 'agent', 'join', 'refuse'],
    legal: ['agent', 'replace', 'lose', 'join', 'joinToView', 'joinWaived', 'samJoins', 'leave', 'end'],
  },
  {
    situation: 'the participant is paused',
    path: ['guest', 'agent', 'join', 'allowView', 'pause'],
    legal: [
      'agent',
      'replace',
      'lose',
      'join',
      'joinToView',
      'joinWaived',
      'samJoins',
      'leave',
      'withdraw',
      'resume',
      'end',
    ],
  },
  {
    situation: 'two take part and the second holds nothing',
    path: ['guest', 'agent', 'joinWaived', 'samJoins'],
    legal: [
      'agent',
      'replace',
      'lose',
      'join',
      'joinToView',
      'joinWaived',
      'samJoins',
      'leave',
      'withdraw',
      'pause',
      'take',
      'samTakes',
      'release',
      'end',
    ],
  },
  { situation: 'it has ended', path: ['guest', 'agent', 'end'], legal: [] },
  { situation: 'it was cancelled', path: ['end'], legal: [] },
];

describe.each(LEGAL)('when $situation', ({ path, legal }) => {
  it.each(NAMES)('answers %s as the table says, and changes nothing in place', (name) => {
    const state = after(...path);
    const frozen = JSON.stringify(state);
    const next = advance(state, EVENTS[name]);
    expect({ name, ok: next.ok }).toEqual({ name, ok: (legal as string[]).includes(name) });
    expect(JSON.stringify(state)).toBe(frozen);
  });
});

describe('what a state means', () => {
  it('opens with the first who joins, guest or agent, and keeps that time', () => {
    expect(after('guest', 'agent').lifecycle).toEqual({ phase: 'open', openedAt: 1 });
    expect(after('agent', 'guest').lifecycle).toEqual({ phase: 'open', openedAt: 2 });
  });

  it('gives free control to the first who may hold it, and not to the second', () => {
    const state = after('guest', 'agent', 'joinWaived', 'samJoins');
    expect(capabilitiesOf(state, TESS.id)).toEqual(['view', 'control']);
    expect(capabilitiesOf(state, SAM.id)).toEqual(['view']);
  });

  it('lets control pass to whoever takes it', () => {
    const state = after('guest', 'agent', 'joinWaived', 'samJoins', 'samTakes');
    expect(capabilitiesOf(state, TESS.id)).toEqual(['view']);
    expect(capabilitiesOf(state, SAM.id)).toEqual(['view', 'control']);
  });

  it('never gives more than was asked for', () => {
    const state = after('guest', 'agent', 'joinToView', 'allow');
    expect(capabilitiesOf(state, TESS.id)).toEqual(['view']);
    expect(state.controlHolder).toBeNull();
  });

  it.each<[string, Name[]]>([
    ['asked', ['join']],
    ['refused', ['join', 'refuse']],
    ['withdrawn', ['join', 'allow', 'withdraw']],
    ['paused', ['join', 'allow', 'pause']],
    ['ended', ['join', 'allow', 'end']],
    ['gone', ['join', 'allow', 'leave']],
  ])('gives no capability to a participant who is %s', (_what, path) => {
    expect(capabilitiesOf(after('guest', 'agent', ...path), TESS.id)).toEqual([]);
  });

  it('frees control when its holder leaves or loses consent', () => {
    expect(after('guest', 'agent', 'joinWaived', 'leave').controlHolder).toBeNull();
    expect(after('guest', 'agent', 'joinWaived', 'withdraw').controlHolder).toBeNull();
  });

  it('goes on with what was granted when the same person joins again', () => {
    const before = after('guest', 'agent', 'join', 'allow');
    const again = advance(before, {
      type: 'participant-joined',
      participant: { ...TESS, id: SAM.id },
      wants: 'control',
      consent: 'ask',
      at: 99,
    });
    expect(again).toEqual({ ok: true, state: before });
  });

  it('asks anew after a refusal, under the same participant', () => {
    const state = after('guest', 'agent', 'join', 'refuse', 'join');
    expect(state.participants).toMatchObject([{ id: TESS.id, grant: { status: 'asked' } }]);
  });

  it('keeps consent while the agent is lost and comes back', () => {
    const state = after('guest', 'agent', 'join', 'allow', 'lose', 'agent');
    expect(state.endpoint).toMatchObject({ kind: 'agent', agentId: AGENT });
    expect(capabilitiesOf(state, TESS.id)).toEqual(['view', 'control']);
  });

  it('remembers why and when it ended, and leaves nobody in', () => {
    expect(after('guest', 'agent', 'joinWaived', 'end')).toMatchObject({
      lifecycle: { phase: 'ended', openedAt: 1, endedAt: 18, reason: 'technician-ended' },
      endpoint: { kind: 'none' },
      participants: [],
      controlHolder: null,
    });
    expect(after('end').lifecycle).toMatchObject({ openedAt: null });
  });
});
