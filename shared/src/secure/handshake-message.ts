import * as z from 'zod/mini';
import { GuruError } from '../errors.ts';
import { HandshakeReveal } from '../rtc/signal.ts';

/** Far more than any message of the handshake has. */
const MAX_BYTES = 2_000;

/** 64 bytes in base64url: an ECDSA P-256 signature in IEEE P1363 form. */
const Signature = z.string().check(z.regex(/^[A-Za-z0-9_-]{86}$/));

/**
 * The first message of each end on `control`, as JSON text; everything after it is sealed and binary. Only the agent
 * may say later, in the open, why it goes away.
 */
export const HandshakeMessage = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('agent-proof'),
    v: z.literal(1),
    reveal: HandshakeReveal,
    signature: Signature,
  }),
  z.strictObject({ type: z.literal('viewer-proof'), v: z.literal(1), signature: Signature }),
  z.strictObject({
    type: z.literal('refused'),
    v: z.literal(1),
    why: z.enum(['proof', 'grant', 'key-changed']),
  }),
]);
export type HandshakeMessage = z.infer<typeof HandshakeMessage>;
export type HandshakeRefusal = Extract<HandshakeMessage, { type: 'refused' }>['why'];

/** Throws `invalid-message` on everything else. */
export function parseHandshakeMessage(data: string | Uint8Array): HandshakeMessage {
  if (typeof data !== 'string') throw GuruError.invalid('A sealed message came before the handshake.');
  if (data.length > MAX_BYTES) throw GuruError.invalid('The message is too long for a handshake.');
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch (error) {
    throw GuruError.invalid('The handshake is not JSON.', error);
  }
  const parsed = z.safeParse(HandshakeMessage, json);
  if (!parsed.success) throw GuruError.invalid('The message is no handshake.', parsed.error);
  return parsed.data;
}
