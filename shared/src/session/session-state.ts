import * as z from 'zod/mini';
import { DisplayName, Id, Timestamp } from '../ids.ts';

/** Why a session ended; shown to both sides and kept in its row. */
export const EndReason = z.enum([
  'technician-ended',
  'guest-stopped',
  'agent-stopped',
  'cancelled',
  'code-expired',
  'idle-timeout',
  'maximum-duration',
  'admin-ended',
  /** An unattended session that no technician looks at any more. */
  'nobody-left',
]);
export type EndReason = z.infer<typeof EndReason>;

export const Lifecycle = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('waiting') }),
  z.object({ phase: z.literal('open'), openedAt: Timestamp }),
  z.object({
    phase: z.literal('ended'),
    openedAt: z.nullable(Timestamp),
    endedAt: Timestamp,
    reason: EndReason,
  }),
]);
export type Lifecycle = z.infer<typeof Lifecycle>;

/** What stands at the customer's end. `agentId` is one agent's claim on the slot; it survives lost links. */
export const EndpointLink = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('browser'), since: Timestamp }),
  z.object({ kind: z.literal('agent'), agentId: Id, since: Timestamp }),
  z.object({ kind: z.literal('lost'), agentId: Id, since: Timestamp }),
]);
export type EndpointLink = z.infer<typeof EndpointLink>;

export const Capability = z.enum(['view', 'control']);
export type Capability = z.infer<typeof Capability>;

/** What the person at the machine let a participant do. */
export const Grant = z.discriminatedUnion('status', [
  z.object({ status: z.literal('asked'), wants: Capability, since: Timestamp }),
  z.object({ status: z.literal('allowed'), capability: Capability, since: Timestamp }),
  z.object({ status: z.literal('refused'), since: Timestamp }),
  z.object({ status: z.literal('paused'), capability: Capability, since: Timestamp }),
]);
export type Grant = z.infer<typeof Grant>;

export const Participant = z.object({
  id: Id,
  userId: Id,
  name: DisplayName,
  joinedAt: Timestamp,
  grant: Grant,
});
export type Participant = z.infer<typeof Participant>;

/** A session's state in its four parts, stored as one value and changed by compare-and-set on a version. */
export const SessionState = z.object({
  lifecycle: Lifecycle,
  endpoint: EndpointLink,
  /** One guest slot a code: filled by the first redeem. */
  guestJoined: z.boolean(),
  participants: z.array(Participant),
  /** The participant whose input counts; at most one. */
  controlHolder: z.nullable(Id),
  /** An offer to another technician; left out where there never was one. */
  transfer: z.optional(
    z.nullable(
      z.object({
        fromUserId: Id,
        toUserId: Id,
        note: z.string(),
        at: Timestamp,
      }),
    ),
  ),
  /** Who handed it over and still takes part: they may look on until they leave. Left out where nobody did. */
  handedOverBy: z.optional(z.nullable(Id)),
});
export type SessionState = z.infer<typeof SessionState>;

export const INITIAL_SESSION_STATE: SessionState = {
  lifecycle: { phase: 'waiting' },
  endpoint: { kind: 'none' },
  guestJoined: false,
  participants: [],
  controlHolder: null,
};
