import * as z from 'zod/mini';
import { Id } from '../ids.ts';

/** What one pair of ends may take of a relay. */
export const RelayLimits = z.object({
  /** Mean rate in one direction; what comes faster is read later. */
  bytesPerSecond: z.int().check(z.gte(1_000), z.lte(1_000_000_000)),
  /** The pair is ended after so long. */
  seconds: z.int().check(z.gte(1), z.lte(7 * 86_400)),
});
export type RelayLimits = z.infer<typeof RelayLimits>;

/**
 * What a ticket for a relay says. Its text is `claims.mac`: base64url of the claims' JSON, a dot, and base64url of
 * HMAC-SHA-256 over the first part's ASCII under the secret that the server and its relays share. Both ends of a
 * peer show the same ticket; it is good for one pair.
 */
export const RelayTicketClaims = z.object({
  v: z.literal(1),
  peerId: Id,
  /** Unix ms until which an end may join; a pair that stands goes on. */
  joinBy: z.number(),
  /** The page that may join as the viewer, as browsers name it in `Origin`. */
  origin: z.string().check(z.minLength(1), z.maxLength(300)),
  limits: RelayLimits,
});
export type RelayTicketClaims = z.infer<typeof RelayTicketClaims>;

/** How long after it was made a ticket lets an end join. */
export const RELAY_JOIN_WITHIN_MS = 60_000;

/** What deployments get: more than the agent's highest video rate, for a working day. */
export const RELAY_LIMITS: RelayLimits = { bytesPerSecond: 6_000_000, seconds: 12 * 3_600 };
