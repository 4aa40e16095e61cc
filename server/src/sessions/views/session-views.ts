import {
  type Actor,
  type AgentSessionView,
  type GuestView,
  may,
  type SessionRights,
  type SessionView,
} from '@guruconnect/shared';
import type { Person } from '../../core/ports.ts';
import type { SessionPresence } from '../live/session-presence.ts';
import type { SessionSnapshot } from './session-snapshot.ts';

/** What one technician is shown of a session they may see. */
export function sessionViewFor(
  snapshot: SessionSnapshot,
  actor: Actor,
  presence: SessionPresence,
): SessionView {
  const { row, owner } = snapshot;
  const rights = rightsOf(snapshot, actor);
  return {
    id: row.id,
    version: row.version,
    // Whoever knows the code gets in as the guest; those who merely look on have no business with it.
    code: rights.admit || rights.control ? snapshot.code : null,
    codeExpiresAt: row.phase === 'waiting' ? row.codeExpiresAt : null,
    name: row.name,
    visibility: row.visibility,
    owner: owner ? { userId: owner.userId, name: owner.name, teamId: owner.teamId } : null,
    origin: row.origin,
    machineId: row.machineId,
    consentPolicy: row.consentPolicy,
    transfer: transferOf(snapshot),
    consentRequired: row.consentRequired,
    createdAt: row.createdAt,
    lifecycle: row.state.lifecycle,
    endpoint: row.state.endpoint,
    guestPanelOpen: presence.isGuestPanelOpen(row.id),
    machine: row.machine,
    endpointAddress: row.endpointAddress,
    participants: row.state.participants.map((one) => ({
      id: one.id,
      userId: one.userId,
      name: one.name,
      grant: one.grant,
      hasControl: row.state.controlHolder === one.id,
      connected: presence.isViewing(row.id, one.id),
    })),
    knocks: rights.admit
      ? snapshot.knocks.map((knock) => ({
          id: knock.id,
          kind: knock.kind,
          address: knock.address,
          machine: knock.machine,
          at: knock.createdAt,
        }))
      : [],
    rights,
    ...(snapshot.takesThumbnails ? { takesThumbnails: true } : {}),
  };
}

function transferOf({ row, transfer }: SessionSnapshot): SessionView['transfer'] {
  const offer = row.state.transfer;
  if (!offer || !transfer) return null;
  const nameOf = ({ userId, name }: Person) => ({ userId, name });
  return { from: nameOf(transfer.from), to: nameOf(transfer.to), note: offer.note, at: offer.at };
}

/** What the person may do with the session as it stands; nothing once it has ended. */
function rightsOf({ row, target }: SessionSnapshot, actor: Actor): SessionRights {
  const { phase } = row;
  const isActive = phase !== 'ended';
  return {
    view: isActive && may(actor, 'session:view', target),
    control: isActive && may(actor, 'session:control', target),
    claim: isActive && may(actor, 'session:claim', target),
    admit: isActive && may(actor, 'session:admit', target),
    cancel: phase === 'waiting' && may(actor, 'session:cancel', target),
    end: phase === 'open' && may(actor, 'session:end', target),
    transfer: phase === 'open' && may(actor, 'session:transfer', target),
  };
}

/** What the person at the machine is told. */
export function guestViewOf(
  snapshot: SessionSnapshot,
  companyName: string,
  presence: SessionPresence,
): GuestView {
  const { row } = snapshot;
  const nobodyYet = row.state.endpoint.kind === 'none' || row.ownerId === null;
  return {
    sessionId: row.id,
    version: row.version,
    companyName,
    technicianName: snapshot.owner?.name ?? null,
    lifecycle: row.state.lifecycle,
    endpoint: row.state.endpoint,
    code: nobodyYet ? snapshot.code : null,
    participants: row.state.participants.map((one) => ({
      id: one.id,
      name: one.name,
      grant: one.grant,
      hasControl: row.state.controlHolder === one.id,
      connected: presence.isViewing(row.id, one.id),
    })),
  };
}

/** What the agent shows at the machine. */
export function agentViewOf(
  { row }: Pick<SessionSnapshot, 'row'>,
  companyName: string,
  presence: SessionPresence,
): AgentSessionView {
  return {
    sessionId: row.id,
    companyName,
    consentRequired: row.consentRequired,
    consentTimeout:
      row.consentPolicy?.kind === 'ask'
        ? { seconds: row.consentPolicy.timeoutSeconds, otherwise: row.consentPolicy.otherwise }
        : null,
    guestPanelOpen: presence.isGuestPanelOpen(row.id),
    participants: row.state.participants.map((one) => ({
      id: one.id,
      name: one.name,
      grant: one.grant,
      hasControl: row.state.controlHolder === one.id,
    })),
  };
}
