import type {
  Capability,
  EndpointLink,
  EndReason,
  Grant,
  Participant,
  SessionState,
} from './session-state.ts';

export type SessionEvent =
  | { type: 'guest-joined'; at: number }
  | { type: 'agent-attached'; agentId: string; at: number }
  /** The technician let another agent take the slot. */
  | { type: 'agent-replaced'; agentId: string; at: number }
  | { type: 'agent-lost'; agentId: string; at: number }
  | {
      type: 'participant-joined';
      participant: { id: string; userId: string; name: string };
      wants: Capability;
      consent: 'ask' | 'waived';
      at: number;
    }
  | { type: 'participant-left'; participantId: string; at: number }
  | { type: 'consent-answered'; participantId: string; answer: Capability | 'refuse'; at: number }
  /** The person at the machine takes back what they allowed. */
  | { type: 'consent-withdrawn'; participantId: string; at: number }
  | { type: 'participant-paused'; participantId: string; at: number }
  | { type: 'participant-resumed'; participantId: string; at: number }
  | { type: 'control-taken'; participantId: string; at: number }
  | { type: 'control-released'; participantId: string; at: number }
  | { type: 'transfer-offered'; fromUserId: string; toUserId: string; note: string; at: number }
  /** Declined or withdrawn: the offer is gone. */
  | { type: 'transfer-settled'; toUserId: string; at: number }
  /**
   * The one it was offered to takes it over: the owner's part passes on with what was allowed in it, so that nobody is
   * asked again, and control with it. Whose the session is then, the server keeps beside this state.
   */
  | {
      type: 'transfer-accepted';
      ownerUserId: string | null;
      participant: { id: string; userId: string; name: string };
      at: number;
    }
  | { type: 'ended'; reason: EndReason; at: number };

export type Advance = { ok: true; state: SessionState } | { ok: false; reason: string };

/** The one function that says which transitions are legal; pure, so both sides and the tests share it. */
export function advance(state: SessionState, event: SessionEvent): Advance {
  if (state.lifecycle.phase === 'ended') return illegal('The session has ended.');
  switch (event.type) {
    case 'guest-joined':
      if (state.guestJoined) return illegal('The code was used already.');
      return legal({ ...opened(state, event.at), guestJoined: true });
    case 'agent-attached':
      if (holdsSlot(state.endpoint) && state.endpoint.agentId !== event.agentId) {
        return illegal('Another agent holds the session.');
      }
      return legal(attached(state, event.agentId, event.at));
    case 'agent-replaced':
      return legal(attached(state, event.agentId, event.at));
    case 'agent-lost':
      if (state.endpoint.kind !== 'agent' || state.endpoint.agentId !== event.agentId) {
        return illegal('That agent does not hold the session.');
      }
      return legal({ ...state, endpoint: { kind: 'lost', agentId: event.agentId, since: event.at } });
    case 'participant-joined':
      return join(state, event);
    case 'participant-left':
      if (!find(state, event.participantId)) return illegal('Not in this session.');
      return legal({
        ...state,
        participants: state.participants.filter((one) => one.id !== event.participantId),
        controlHolder: state.controlHolder === event.participantId ? null : state.controlHolder,
        ...withoutHandOver(state, event.participantId),
      });
    case 'consent-answered':
      return answerConsent(state, event);
    case 'consent-withdrawn':
      return withdrawConsent(state, event);
    case 'participant-paused':
      return pause(state, event);
    case 'participant-resumed':
      return resume(state, event);
    case 'control-taken':
      if (!mayHoldControl(find(state, event.participantId))) return illegal('Control was not granted.');
      return legal({ ...state, controlHolder: event.participantId });
    case 'control-released':
      if (state.controlHolder !== event.participantId) return illegal('Does not hold control.');
      return legal({ ...state, controlHolder: null });
    case 'transfer-offered':
      return offerTransfer(state, event);
    case 'transfer-settled':
      if (state.transfer?.toUserId !== event.toUserId) return illegal('There is no such offer (any more).');
      return legal({ ...state, transfer: null });
    case 'transfer-accepted':
      return acceptTransfer(state, event);
    case 'ended':
      return legal({
        ...state,
        ...(state.transfer ? { transfer: null } : {}),
        ...(state.handedOverBy ? { handedOverBy: null } : {}),
        lifecycle: {
          phase: 'ended',
          openedAt: state.lifecycle.phase === 'open' ? state.lifecycle.openedAt : null,
          endedAt: event.at,
          reason: event.reason,
        },
        endpoint: { kind: 'none' },
        participants: [],
        controlHolder: null,
      });
  }
}

/** What a participant may do now: the input of its signed grant. */
export function capabilitiesOf(state: SessionState, participantId: string): Capability[] {
  if (state.lifecycle.phase !== 'open') return [];
  const participant = find(state, participantId);
  if (participant?.grant.status !== 'allowed') return [];
  return state.controlHolder === participantId ? ['view', 'control'] : ['view'];
}

function join(state: SessionState, event: Extract<SessionEvent, { type: 'participant-joined' }>): Advance {
  if (state.lifecycle.phase !== 'open') return illegal('Nobody is at the other end yet.');
  const present = state.participants.find((one) => one.userId === event.participant.userId);
  // A reload or a second tab of the same person goes on with what was granted before.
  if (present && (present.grant.status === 'allowed' || present.grant.status === 'paused')) {
    return legal(takeFreeControl(state, present.id));
  }
  const grant: Grant =
    event.consent === 'waived'
      ? { status: 'allowed', capability: event.wants, since: event.at }
      : { status: 'asked', wants: event.wants, since: event.at };
  const participant: Participant = {
    ...event.participant,
    id: present?.id ?? event.participant.id,
    joinedAt: present?.joinedAt ?? event.at,
    grant,
  };
  const others = state.participants.filter((one) => one.id !== participant.id);
  return legal(takeFreeControl({ ...state, participants: [...others, participant] }, participant.id));
}

function answerConsent(
  state: SessionState,
  event: Extract<SessionEvent, { type: 'consent-answered' }>,
): Advance {
  const participant = find(state, event.participantId);
  if (participant?.grant.status !== 'asked') return illegal('Nobody is waiting for this answer.');
  if (event.answer === 'refuse') {
    return legal(withGrant(state, participant.id, { status: 'refused', since: event.at }));
  }
  // Never more than was asked for.
  const capability = participant.grant.wants === 'control' && event.answer === 'control' ? 'control' : 'view';
  const allowed = withGrant(state, participant.id, { status: 'allowed', capability, since: event.at });
  return legal(takeFreeControl(allowed, participant.id));
}

function withdrawConsent(state: SessionState, event: { participantId: string; at: number }): Advance {
  const participant = find(state, event.participantId);
  if (!participant || participant.grant.status === 'refused') return illegal('Nothing to take back.');
  const refused = withGrant(state, participant.id, { status: 'refused', since: event.at });
  return legal({
    ...refused,
    controlHolder: state.controlHolder === participant.id ? null : state.controlHolder,
  });
}

function pause(state: SessionState, event: { participantId: string; at: number }): Advance {
  const participant = find(state, event.participantId);
  if (participant?.grant.status !== 'allowed') return illegal('Nothing to pause.');
  const { capability } = participant.grant;
  return legal({
    ...withGrant(state, participant.id, { status: 'paused', capability, since: event.at }),
    controlHolder: state.controlHolder === participant.id ? null : state.controlHolder,
  });
}

function resume(state: SessionState, event: { participantId: string; at: number }): Advance {
  const participant = find(state, event.participantId);
  if (participant?.grant.status !== 'paused') return illegal('Nothing to resume.');
  const { capability } = participant.grant;
  const resumed = withGrant(state, participant.id, { status: 'allowed', capability, since: event.at });
  return legal(takeFreeControl(resumed, participant.id));
}

function offerTransfer(
  state: SessionState,
  event: Extract<SessionEvent, { type: 'transfer-offered' }>,
): Advance {
  if (state.lifecycle.phase !== 'open') return illegal('Nobody is at the other end yet.');
  if (state.transfer) return illegal('It is offered to somebody already.');
  if (event.fromUserId === event.toUserId) return illegal('It is theirs already.');
  const { fromUserId, toUserId, note, at } = event;
  return legal({ ...state, transfer: { fromUserId, toUserId, note, at } });
}

function acceptTransfer(
  state: SessionState,
  event: Extract<SessionEvent, { type: 'transfer-accepted' }>,
): Advance {
  const { participant: taker, ownerUserId, at } = event;
  if (state.transfer?.toUserId !== taker.userId) return illegal('There is no such offer (any more).');
  const ofUser = (userId: string | null) => state.participants.find((one) => one.userId === userId);
  const giver = ofUser(ownerUserId) ?? ofUser(state.transfer.fromUserId);
  const settled = { ...state, transfer: null };
  // With nothing to take over they come in as everybody does.
  if (!giver || giver.grant.status === 'refused' || giver.userId === taker.userId) return legal(settled);
  const present = ofUser(taker.userId);
  const passedOn = asActive(giver.grant, at);
  const heir: Participant = {
    ...taker,
    id: present?.id ?? taker.id,
    joinedAt: present?.joinedAt ?? at,
    // Who was let in already does not wait for the answer to somebody else's question.
    grant: passedOn.status === 'asked' && present?.grant.status === 'allowed' ? present.grant : passedOn,
  };
  const others = state.participants
    .filter((one) => one.id !== heir.id)
    .map((one) => (one.id === giver.id ? { ...one, grant: asViewer(one.grant) } : one));
  const next = {
    ...settled,
    participants: [...others, heir],
    controlHolder: state.controlHolder === giver.id ? null : state.controlHolder,
    handedOverBy: giver.userId,
  };
  return legal(mayHoldControl(heir) ? { ...next, controlHolder: heir.id } : next);
}

/** A pause was its maker's: what they pass on goes on. */
function asActive(
  grant: Exclude<Grant, { status: 'refused' }>,
  at: number,
): Grant & { status: 'asked' | 'allowed' } {
  return grant.status === 'paused' ? { status: 'allowed', capability: grant.capability, since: at } : grant;
}

function asViewer(grant: Grant): Grant {
  if (grant.status === 'asked') return { ...grant, wants: 'view' };
  return grant.status === 'refused' ? grant : { ...grant, capability: 'view' };
}

/** Who handed the session over and leaves has no more to do with it. */
function withoutHandOver(state: SessionState, participantId: string): Pick<SessionState, 'handedOverBy'> {
  if (!state.handedOverBy || find(state, participantId)?.userId !== state.handedOverBy) return {};
  return { handedOverBy: null };
}

function attached(state: SessionState, agentId: string, at: number): SessionState {
  return { ...opened(state, at), endpoint: { kind: 'agent', agentId, since: at } };
}

function opened(state: SessionState, at: number): SessionState {
  return state.lifecycle.phase === 'waiting'
    ? { ...state, lifecycle: { phase: 'open', openedAt: at } }
    : state;
}

function takeFreeControl(state: SessionState, participantId: string): SessionState {
  if (state.controlHolder !== null || !mayHoldControl(find(state, participantId))) return state;
  return { ...state, controlHolder: participantId };
}

function mayHoldControl(participant: Participant | undefined): boolean {
  return participant?.grant.status === 'allowed' && participant.grant.capability === 'control';
}

function withGrant(state: SessionState, participantId: string, grant: Grant): SessionState {
  return {
    ...state,
    participants: state.participants.map((one) => (one.id === participantId ? { ...one, grant } : one)),
  };
}

function holdsSlot(link: EndpointLink): link is Extract<EndpointLink, { agentId: string }> {
  return link.kind === 'agent' || link.kind === 'lost';
}

function find(state: SessionState, participantId: string): Participant | undefined {
  return state.participants.find((one) => one.id === participantId);
}

function legal(state: SessionState): Advance {
  return { ok: true, state };
}

function illegal(reason: string): Advance {
  return { ok: false, reason };
}
