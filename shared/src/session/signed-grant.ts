import * as z from 'zod/mini';
import { Id, Timestamp } from '../ids.ts';
import { Bytes32 } from '../rtc/signal.ts';
import { Capability } from './session-state.ts';

/** Without the server a grant is worth 15 minutes at most. */
export const GRANT_LIFETIME_MS = 15 * 60_000;

/** How often the server renews the grants of live peers. */
export const GRANT_RENEWAL_MS = 60_000;

/** What one peer may do, as the server signed it and the agent checks it on every message. */
export const GrantClaims = z.object({
  v: z.literal(1),
  sessionId: Id,
  participantId: Id,
  peerId: Id,
  capabilities: z.array(Capability),
  /** Thumbprint of the browser's identity key: the agent lets no other one through. */
  viewerKey: z.optional(Bytes32),
  issuedAt: Timestamp,
  expiresAt: Timestamp,
  /** Rises with every change; an older grant than the one held is refused. */
  sequence: z.int().check(z.nonnegative()),
});
export type GrantClaims = z.infer<typeof GrantClaims>;

/**
 * `payload` is base64url of the UTF-8 JSON of {@link GrantClaims}; `signature` is base64url of the
 * 64-byte ECDSA P-256 SHA-256 signature (IEEE P1363) over the payload's base64url text.
 */
export const SignedGrant = z.object({
  payload: z.string().check(z.maxLength(2000), z.regex(/^[A-Za-z0-9_-]+$/)),
  signature: z.string().check(z.regex(/^[A-Za-z0-9_-]{86}$/)),
});
export type SignedGrant = z.infer<typeof SignedGrant>;
