import * as z from 'zod/mini';
import { Id } from '../ids.ts';

/** SDP is text of our own two ends; the limit keeps a hostile one from filling memory. */
export const SessionDescription = z.string().check(z.minLength(1), z.maxLength(32_768));
export const Candidate = z.object({
  candidate: z.string().check(z.maxLength(1024)),
  mid: z.string().check(z.maxLength(32)),
});
export type Candidate = z.infer<typeof Candidate>;

/** A STUN or TURN server, as both WebRTC libraries can take it. */
export const IceServer = z.object({
  urls: z.string().check(z.maxLength(300)),
  username: z.optional(z.string()),
  credential: z.optional(z.string()),
});
export type IceServer = z.infer<typeof IceServer>;

/** Why a peer connection was closed by the server's word. */
export const PeerCloseReason = z.enum([
  'left',
  'signed-out',
  'user-disabled',
  'role-changed',
  'consent-withdrawn',
  'replaced',
  'paused',
  'session-ended',
]);
export type PeerCloseReason = z.infer<typeof PeerCloseReason>;

export const PeerOffer = z.object({ peerId: Id, sdp: SessionDescription });
export const PeerAnswer = z.object({ peerId: Id, sdp: SessionDescription });
export const PeerCandidate = z.object({ peerId: Id, candidate: Candidate });
