import { describe, expect, it } from 'vitest';
import { advance, capabilitiesOf, type SessionEvent } from './advance-session.ts';
import { INITIAL_SESSION_STATE, type SessionState } from './session-state.ts';

const AGENT = '00000000-0000-4000-8000-00000000000a';
const person = (n: number, name: string) => ({
  id: `00000000-0000-4000-8000-00000000000${n}`,
  userId: `00000000-0000-4000-8000-00000000001${n}`,
  name,
});
const TESS = person(1, 'Tess');
const SAM = person(2, 'Sam');
const KIM = person(3, 'Kim');

/** Tess owns the session and hands it to Sam; Kim looks on. */
const EVENTS = {
  agent: { type: 'agent-attached', agentId: AGENT, at: 2 },
  asks: { type: 'participant-joined', participant: TESS, wants: 'control', consent: 'ask', at: 7 },
  joins: { type: 'participant-joined', participant: TESS, wants: 'control', consent: 'waived', at: 7 },
  views: { type: 'participant-joined', participant: TESS, wants: 'view', consent: 'waived', at: 7 },
  samViews: { type: 'participant-joined', participant: SAM, wants: 'view', consent: 'waived', at: 8 },
  samAsks: { type: 'participant-joined', participant: SAM, wants: 'view', consent: 'ask', at: 8 },
  kimJoins: { type: 'participant-joined', participant: KIM, wants: 'control', consent: 'waived', at: 8 },
  kimTakes: { type: 'control-taken', participantId: KIM.id, at: 9 },
  allow: { type: 'consent-answered', participantId: TESS.id, answer: 'control', at: 10 },
  refuse: { type: 'consent-answered', participantId: TESS.id, answer: 'refuse', at: 10 },
  pause: { type: 'participant-paused', participantId: TESS.id, at: 11 },
  resume: { type: 'participant-resumed', participantId: TESS.id, at: 12 },
  leave: { type: 'participant-left', participantId: TESS.id, at: 13 },
  offer: { type: 'transfer-offered', fromUserId: TESS.userId, toUserId: SAM.userId, note: 'printer', at: 14 },
  offerKim: { type: 'transfer-offered', fromUserId: TESS.userId, toUserId: KIM.userId, note: '', at: 14 },
  offerSelf: { type: 'transfer-offered', fromUserId: TESS.userId, toUserId: TESS.userId, note: '', at: 14 },
  settle: { type: 'transfer-settled', toUserId: SAM.userId, at: 15 },
  settleKim: { type: 'transfer-settled', toUserId: KIM.userId, at: 15 },
  accept: { type: 'transfer-accepted', ownerUserId: TESS.userId, participant: SAM, at: 16 },
  kimAccepts: { type: 'transfer-accepted', ownerUserId: TESS.userId, participant: KIM, at: 16 },
  lose: { type: 'agent-lost', agentId: AGENT, at: 17 },
  end: { type: 'ended', reason: 'technician-ended', at: 18 },
} satisfies Record<string, SessionEvent>;
type Name = keyof typeof EVENTS;
const TRANSFERS: Name[] = ['offer', 'offerKim', 'offerSelf', 'settle', 'settleKim', 'accept', 'kimAccepts'];

function after(...names: Name[]): SessionState {
  return names.reduce((state, name) => {
    const next = advance(state, EVENTS[name]);
    if (!next.ok) throw new Error(`${name}: ${next.reason}`);
    return next.state;
  }, INITIAL_SESSION_STATE);
}

const grantOf = (state: SessionState, who: { userId: string }) =>
  state.participants.find((one) => one.userId === who.userId)?.grant;

describe.each<[string, Name[], Name[]]>([
  ['nobody is at the other end', [], []],
  ['nothing is offered', ['agent', 'joins'], ['offer', 'offerKim']],
  ['the agent is lost', ['agent', 'joins', 'lose'], ['offer', 'offerKim']],
  ['it is offered to Sam', ['agent', 'joins', 'offer'], ['settle', 'accept']],
  ['Sam declined', ['agent', 'joins', 'offer', 'settle'], ['offer', 'offerKim']],
  ['Sam accepted', ['agent', 'joins', 'offer', 'accept'], ['offer', 'offerKim']],
  ['it ended while it was offered', ['agent', 'joins', 'offer', 'end'], []],
])('when %s', (_situation, path, legal) => {
  it.each(TRANSFERS)('answers %s as the table says, and changes nothing in place', (name) => {
    const state = after(...path);
    const frozen = JSON.stringify(state);
    expect({ name, ok: advance(state, EVENTS[name]).ok }).toEqual({ name, ok: legal.includes(name) });
    expect(JSON.stringify(state)).toBe(frozen);
  });
});

describe('a session that is taken over', () => {
  it('passes control on, and leaves the one who gave it as a viewer', () => {
    const state = after('agent', 'joins', 'offer', 'accept');
    expect(capabilitiesOf(state, SAM.id)).toEqual(['view', 'control']);
    expect(capabilitiesOf(state, TESS.id)).toEqual(['view']);
    expect(advance(state, { type: 'control-taken', participantId: TESS.id, at: 20 }).ok).toBe(false);
    expect(state).toMatchObject({ transfer: null, handedOverBy: TESS.userId });
  });

  it('asks nobody again where it was allowed, and waits for the answer where it was asked', () => {
    expect(grantOf(after('agent', 'asks', 'allow', 'offer', 'accept'), SAM)).toMatchObject({
      status: 'allowed',
      capability: 'control',
    });
    const asked = after('agent', 'asks', 'offer', 'accept');
    expect(grantOf(asked, SAM)).toEqual({ status: 'asked', wants: 'control', since: 7 });
    expect(grantOf(asked, TESS)).toEqual({ status: 'asked', wants: 'view', since: 7 });
    expect(asked.controlHolder).toBeNull();
  });

  it('gives no more than its owner had', () => {
    const state = after('agent', 'views', 'offer', 'accept');
    expect(capabilitiesOf(state, SAM.id)).toEqual(['view']);
  });

  it('goes on although its owner paused', () => {
    const state = after('agent', 'joins', 'pause', 'offer', 'accept');
    expect(capabilitiesOf(state, SAM.id)).toEqual(['view', 'control']);
    expect(grantOf(state, TESS)).toMatchObject({ status: 'paused', capability: 'view' });
  });

  it('brings nothing along from an owner who was refused, or is gone', () => {
    expect(after('agent', 'asks', 'refuse', 'offer', 'accept').participants).toHaveLength(1);
    expect(after('agent', 'joins', 'leave', 'offer', 'accept').participants).toEqual([]);
  });

  it('keeps the participant that a looker-on was, with the connection that belongs to it', () => {
    const before = after('agent', 'joins', 'samViews', 'offer');
    const other = { ...EVENTS.accept, participant: { ...SAM, id: KIM.id } };
    const next = advance(before, other);
    expect(next.ok && next.state.participants.map((one) => one.id)).toEqual([TESS.id, SAM.id]);
    expect(next.ok && capabilitiesOf(next.state, SAM.id)).toEqual(['view', 'control']);
  });

  it('does not make somebody wait who was let in already', () => {
    expect(grantOf(after('agent', 'asks', 'samViews', 'offer', 'accept'), SAM)).toMatchObject({
      status: 'allowed',
    });
    expect(grantOf(after('agent', 'joins', 'samAsks', 'offer', 'accept'), SAM)).toMatchObject({
      status: 'allowed',
      capability: 'control',
    });
  });

  it('takes control from whoever held it', () => {
    const state = after('agent', 'joins', 'kimJoins', 'kimTakes', 'offer', 'accept');
    expect(state.controlHolder).toBe(SAM.id);
    expect(grantOf(state, KIM)).toMatchObject({ capability: 'control' });
  });

  it('forgets who handed it over once they leave', () => {
    expect(after('agent', 'joins', 'offer', 'accept', 'leave').handedOverBy).toBeNull();
    expect(after('agent', 'joins', 'offer', 'accept', 'end').handedOverBy).toBeNull();
  });
});

describe('a pause', () => {
  it('lets control go, and takes it again only where nobody else did', () => {
    expect(after('agent', 'joins', 'pause').controlHolder).toBeNull();
    expect(after('agent', 'joins', 'pause', 'resume').controlHolder).toBe(TESS.id);
    const taken = after('agent', 'joins', 'kimJoins', 'pause', 'kimTakes', 'resume');
    expect(taken.controlHolder).toBe(KIM.id);
    expect(capabilitiesOf(taken, TESS.id)).toEqual(['view']);
  });
});
