import { Id, OpaqueToken } from '@guruconnect/shared';
import * as z from 'zod/mini';

/** What a session host needs to begin: its token and the key that signs grants. */
export const SessionTicket = z.object({
  sessionId: Id,
  sessionToken: OpaqueToken,
  companyName: z.string(),
  /** P-256, SPKI in base64url. */
  serverPublicKey: z.string(),
  /** The key by which viewers know this machine in the session: P-256, PKCS#8 in base64url. Made here, never sent. */
  identityKey: z.string(),
});
export type SessionTicket = z.infer<typeof SessionTicket>;

/**
 * What stands before sessions: it knows how this machine comes to one. A one-time agent exchanges a code; an
 * always-on one waits to be called, speaking the messages in `shared`'s `protocol/presence.ts`.
 */
export interface Presence {
  /** The next session wanted of this machine; undefined when there will be none. Rejects with a GuruError. */
  next(signal: AbortSignal): Promise<SessionTicket | undefined>;
  /** That session is over: its ticket is worth nothing any more. */
  ended(ticket: SessionTicket): Promise<void>;
  /** The server did not take the ticket; `next` then looks for another. */
  refused(ticket: SessionTicket): Promise<void>;
}
