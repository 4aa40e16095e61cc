import * as z from 'zod/mini';
import { Id } from '../ids.ts';
import { GroupCount, MachineRow } from '../machines/machine-view.ts';
import {
  PeerAnswer,
  PeerCandidate,
  PeerCloseReason,
  PeerOffer,
  PeerPath,
  PeerTransport,
  RawPublicKey,
} from '../rtc/signal.ts';
import { QualityReport } from '../session/session-quality.ts';
import { Capability } from '../session/session-state.ts';
import { SessionView } from '../session/session-view.ts';
import { event, request } from './define.ts';

/** Technician's browser to server, namespace `/console`; signed in by the login cookie. */
export const consoleToServer = {
  /** Starts the stream of `session:changed` for everything the person may see; the reply is all of it now. */
  'sessions:watch': request(z.object({}), z.object({ sessions: z.array(SessionView) })),
  /**
   * Takes part in a session. Consent is asked when needed; the answer comes by `session:changed`. `peerId` is a
   * warm peer of the page, which shows the picture from now on, or as soon as it may.
   */
  'session:join': request(
    z.object({ sessionId: Id, wants: Capability, peerId: z.optional(Id) }),
    z.object({ participantId: Id, session: SessionView }),
  ),
  /** Gives up the participation: consent must be asked again. Closing the tab alone keeps it. */
  'session:leave': request(z.object({ sessionId: Id }), z.object({})),
  'control:take': request(z.object({ sessionId: Id }), z.object({})),
  'control:release': request(z.object({ sessionId: Id }), z.object({})),
  /**
   * Wants a peer connection to the session's agent; the offer follows as `peer:offer` with the peer's id.
   * Refused with `endpoint-offline`, or `not-allowed` when consent was refused or is paused. Before joining and
   * while consent is asked for, the peer is warm: it stands, but shows nothing and lets nothing through. With
   * `warm` it stays so until `session:join` names it. With `replaces` the old peer is closed once the new one is
   * connected (make before break). Without a path: `webrtc`.
   */
  'peer:request': request(
    z.object({
      sessionId: Id,
      replaces: z.optional(Id),
      path: z.optional(PeerPath),
      warm: z.optional(z.boolean()),
      /** The browser's identity key, one for each login: the grant names it, and no other gets through. */
      browserKey: RawPublicKey,
    }),
    z.object({ peerId: Id, transport: PeerTransport }),
  ),
  /**
   * Pauses one's own part: nothing is shown and nothing let through until it is resumed, the session stays open and
   * consent is not asked again (S4).
   */
  'session:pause': request(z.object({ sessionId: Id }), z.object({})),
  'session:resume': request(z.object({ sessionId: Id }), z.object({})),
  /**
   * The machines that the page shows now: their changes follow as `machines:changed`. Replaces the ones before. Those
   * out of the person's scope are left out without a word. The reply brings the rows up to date.
   */
  'machines:watch': request(
    z.object({ machineIds: z.array(Id).check(z.maxLength(500)), counts: z.boolean() }),
    z.object({ machines: z.array(MachineRow) }),
  ),
  'peer:answer': event(PeerAnswer),
  'peer:candidate': event(PeerCandidate),
  'peer:close': event(z.object({ peerId: Id })),
  /** How well the picture of one's own peer came so far; each half minute and at its end. */
  'quality:report': event(QualityReport),
} as const;

/** Server to technician's browser. */
export const serverToConsole = {
  'session:changed': event(SessionView),
  /** The session is no longer shown to this person. */
  'session:removed': event(z.object({ sessionId: Id })),
  /** New rows of watched machines, at most four times a second. */
  'machines:changed': event(z.object({ machines: z.array(MachineRow) })),
  /** Watched machines that are out of the person's scope now, or gone for good. */
  'machines:gone': event(z.object({ machineIds: z.array(Id) })),
  /** Machines that were enrolled, brought back or came into the person's scope; told within 2 s. */
  'machines:appeared': event(
    z.object({ machines: z.array(MachineRow).check(z.maxLength(50)), more: z.boolean() }),
  ),
  /** Groups whose counts changed, at most 2 s late; a count of 0 takes the group away. */
  'machines:counts': event(z.object({ counts: z.array(GroupCount) })),
  /** Requests for help came or were closed in the person's scope: read them anew. */
  'requests:changed': event(z.object({})),
  'peer:offer': event(PeerOffer),
  'peer:candidate': event(PeerCandidate),
  'peer:closed': event(z.object({ peerId: Id, reason: PeerCloseReason })),
  /** The machine's network changed: make a new peer before this one fails. */
  'peer:renew': event(z.object({ peerId: Id })),
  /** The login ended (sign-out elsewhere, idle, disabled): go to the sign-in page. */
  'login:ended': event(z.object({ reason: z.enum(['signed-out', 'expired', 'disabled', 'role-changed']) })),
} as const;
