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

/** How the two ends of a peer reach each other. */
export const PeerPath = z.enum(['webrtc', 'relay']);
export type PeerPath = z.infer<typeof PeerPath>;

/** What an end needs to take its path. */
export const PeerTransport = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('webrtc'), iceServers: z.array(IceServer) }),
  /**
   * A WebSocket to a relay, where both ends show the same ticket; for networks that let nothing else pass. A url that
   * begins with a colon is a port of the server's own host; see `resolveRelayUrl`.
   */
  z.object({
    kind: z.literal('relay'),
    url: z.string().check(z.maxLength(300)),
    ticket: z.string().check(z.maxLength(1000)),
  }),
]);
export type PeerTransport = z.infer<typeof PeerTransport>;

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
  /** It was made before anybody joined, and nobody did for long. */
  'idle',
]);
export type PeerCloseReason = z.infer<typeof PeerCloseReason>;

/** A raw P-256 public key: 65 bytes, uncompressed, in base64url. The last digit carries four bits only. */
export const RawPublicKey = z.string().check(z.regex(/^[A-Za-z0-9_-]{86}[AEIMQUYcgkosw048]$/));
/** 32 bytes in base64url: a SHA-256 digest or a nonce. */
export const Bytes32 = z.string().check(z.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/));

/** The agent's promise of what it will reveal: SHA-256 over it. Travels with the offer. */
export const HandshakeCommit = z.object({ v: z.literal(1), digest: Bytes32 });
export type HandshakeCommit = z.infer<typeof HandshakeCommit>;
/** What an end brings to the handshake. The viewer's travels with its answer, the agent's on the new connection. */
export const HandshakeReveal = z.object({
  v: z.literal(1),
  nonce: Bytes32,
  exchangeKey: RawPublicKey,
  identityKey: RawPublicKey,
});
export type HandshakeReveal = z.infer<typeof HandshakeReveal>;

/**
 * An offer or answer without its part of the handshake is read, and then refused by name at the other end: somebody
 * who cut it out on the way is to be noticed, not overheard.
 */
export const PeerOffer = z.object({
  peerId: Id,
  sdp: SessionDescription,
  commit: z.optional(HandshakeCommit),
});
export type PeerOffer = z.infer<typeof PeerOffer>;
export const PeerAnswer = z.object({
  peerId: Id,
  sdp: SessionDescription,
  reveal: z.optional(HandshakeReveal),
});
export type PeerAnswer = z.infer<typeof PeerAnswer>;
export const PeerCandidate = z.object({ peerId: Id, candidate: Candidate });
