import * as z from 'zod/mini';
import { DisplayName, Id, OpaqueToken, Timestamp } from '../ids.ts';
import { PeerAnswer, PeerCandidate, PeerCloseReason, PeerOffer, PeerTransport } from '../rtc/signal.ts';
import { DisplayInfo, MachineInfo } from '../session/machine-info.ts';
import { Capability, EndReason, Grant } from '../session/session-state.ts';
import { SignedGrant } from '../session/signed-grant.ts';
import { event, request } from './define.ts';

/** What the `/agent` namespace takes as `auth`: a session host's session-scoped token. */
export const AgentAuth = z.object({
  protocol: z.literal(1),
  sessionToken: OpaqueToken,
});
export type AgentAuth = z.infer<typeof AgentAuth>;

/** How often a session host tells that it lives; the link counts as lost after three missed beats. */
export const AGENT_BEAT_MS = 1_000;
export const AGENT_LOST_MS = 3_500;

/** A peer the agent shall offer to, with the grant that lets it. */
export const PeerOrder = z.object({
  peerId: Id,
  participantId: Id,
  participantName: DisplayName,
  grant: SignedGrant,
  transport: PeerTransport,
  /** A peer of the same participant that is closed once this one is connected. */
  replaces: z.optional(Id),
});
export type PeerOrder = z.infer<typeof PeerOrder>;

/** What the agent shows to the person at the machine. */
export const AgentSessionView = z.object({
  sessionId: Id,
  companyName: z.string(),
  consentRequired: z.boolean(),
  /** Without an answer for so long the agent answers itself; null: it waits for as long as it takes. */
  consentTimeout: z.nullable(z.object({ seconds: z.int(), otherwise: z.enum(['allow', 'refuse']) })),
  /** Whether a guest panel is open; if not, the agent asks for consent itself. */
  guestPanelOpen: z.boolean(),
  participants: z.array(z.object({ id: Id, name: DisplayName, grant: Grant, hasControl: z.boolean() })),
});
export type AgentSessionView = z.infer<typeof AgentSessionView>;

/** Session host to server, namespace `/agent`. */
export const agentToServer = {
  /** First message on every connection; the reply is everything the agent must know or forget. */
  'agent:hello': request(
    z.object({
      machine: MachineInfo,
      displays: z.array(DisplayInfo).check(z.maxLength(64)),
      /** Peers that are still connected from before; those missing from the reply must be cut. */
      peers: z.array(Id).check(z.maxLength(64)),
    }),
    z.object({
      session: AgentSessionView,
      grants: z.array(z.object({ peerId: Id, grant: SignedGrant })),
      /** The session is cut by the agent itself after so long without input, or in all; null for no limit. */
      limits: z.object({ idleMs: z.nullable(z.number()), endsAt: z.nullable(Timestamp) }),
    }),
  ),
  'agent:beat': request(z.object({ idleMs: z.number().check(z.nonnegative()) }), z.object({})),
  'agent:displays': event(z.object({ displays: z.array(DisplayInfo).check(z.maxLength(64)) })),
  'peer:offer': event(PeerOffer),
  'peer:candidate': event(PeerCandidate),
  'peer:state': event(z.object({ peerId: Id, state: z.enum(['connected', 'failed', 'closed']) })),
  /** This machine's addresses changed: the viewer had better make a new peer before this one fails. */
  'peer:renew': event(z.object({ peerId: Id })),
  /** The person at the machine answered in the agent's own window or terminal. */
  'consent:answer': request(
    z.object({
      participantId: Id,
      answer: z.union([Capability, z.literal('refuse')]),
      /** Nobody answered in time: the company's default. */
      byTimeout: z.optional(z.boolean()),
    }),
    z.object({}),
  ),
  /** The person at the machine ended it; capture has stopped already. */
  'agent:stopped': request(z.object({ reason: EndReason }), z.object({})),
  /** Something for the audit log: refused input, a grant that did not verify, a malformed message. */
  'audit:report': event(
    z.object({
      what: z.enum([
        'refused-input',
        'bad-grant',
        'malformed-message',
        'capture-stopped',
        'handshake-failed',
        'key-changed',
      ]),
      participantId: z.nullable(Id),
      detail: z.string().check(z.maxLength(300)),
    }),
  ),
} as const;

/** Server to session host. */
export const serverToAgent = {
  'session:changed': event(AgentSessionView),
  'peer:open': event(PeerOrder),
  'peer:answer': event(PeerAnswer),
  'peer:candidate': event(PeerCandidate),
  /** Replaces the peer's grant: renewed, widened or narrowed. */
  'peer:grant': event(z.object({ peerId: Id, grant: SignedGrant })),
  'peer:cut': event(z.object({ peerId: Id, reason: PeerCloseReason })),
  /** Stops capture first, then everything; the reply tells when (ms of the agent) capture had stopped. */
  'session:end': request(z.object({ reason: EndReason }), z.object({ captureStoppedAfterMs: z.number() })),
} as const;
