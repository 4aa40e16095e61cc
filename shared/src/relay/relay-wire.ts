import * as z from 'zod/mini';

/** The two ends of a pair. The agent's end carries no `Origin`, the viewer's always does. */
export const RelayRole = z.enum(['agent', 'viewer']);
export type RelayRole = z.infer<typeof RelayRole>;

/** First message of an end to the relay, as JSON text; the ticket is not in the URL, where logs would keep it. */
export const RelayJoin = z.object({
  v: z.literal(1),
  role: RelayRole,
  ticket: z.string().check(z.minLength(1), z.maxLength(1000)),
});
export type RelayJoin = z.infer<typeof RelayJoin>;

/** The relay's only message of its own, as JSON text: both ends are there, binary messages pass from now on. */
export const RelayPaired = z.object({ type: z.literal('paired') });

/** Largest binary message that a relay passes on. */
export const MAX_RELAY_MESSAGE_BYTES = 65_536;
/** Largest text message that a relay reads. */
export const MAX_RELAY_JOIN_BYTES = 2_048;

/** Why a relay closes a connection (WebSocket close codes of our own). */
export const RELAY_CLOSE = {
  /** The first message is no join, a ticket of another deployment, or from a page that it was not made for. */
  refused: 4001,
  /** The ticket is too old. */
  expired: 4002,
  /** That end has joined before, or the pair is over. */
  used: 4003,
  /** The other end went, or never came. */
  partnerGone: 4004,
  /** Nothing came for too long, or the pair's time is up. */
  timeUp: 4005,
  /** The relay has as many connections as it takes. */
  full: 4006,
  /** Text after the join, or a message that is too large. */
  malformed: 4007,
  /** The relay is shutting down. */
  goingAway: 1001,
} as const;

/**
 * What stands in an offer and an answer in place of a session description: the handshake travels with them, and there
 * is nothing else to agree on.
 */
export const RELAY_SDP = 'relay';
