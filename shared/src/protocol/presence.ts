import * as z from 'zod/mini';
import { Id, OpaqueToken } from '../ids.ts';

/**
 * The six things an always-on agent speaks (namespace `/presence`). A native launcher must be able to
 * speak them without a JavaScript engine, so their bytes are fixed in `golden/presence.json`:
 * every message is one Socket.IO event packet with one flat object, keys in the order given here.
 *
 * The server refuses a connection, at once or after the challenge, with Socket.IO's CONNECT_ERROR and a WireError as its
 * data, then closes it. `too-many-requests` with `details.retryAfterMs`: come back then; `not-allowed`: this identity is
 * gone, stop; `conflict`: it is in use by another computer right now; `unauthenticated`: the signature was not good or
 * did not come in time; `invalid-message`: that was none of ours.
 */
export const PRESENCE_NAMESPACE = '/presence';
/**
 * Path of the WebSocket, `wss://SERVER/presence/?EIO=4&transport=websocket`. Not the one of pages: the line of an agent
 * has heartbeats of its own. With `socket.io-client`: `io(origin + PRESENCE_NAMESPACE, { path: PRESENCE_PATH, … })`.
 */
export const PRESENCE_PATH = '/presence/';
export const PRESENCE_PROTOCOL = 1;

/** Machine's P-256 public key or signature, base64url. */
const Base64Url = z.string().check(z.maxLength(512), z.regex(/^[A-Za-z0-9_-]+$/));
const Version = z.string().check(z.maxLength(40));

export const PresenceMessage = z.discriminatedUnion('type', [
  /**
   * Agent to server, first. Server to agent, with its own version, once the challenge was met: from then on the
   * machine counts as online.
   */
  z.object({
    type: z.literal('hello'),
    protocol: z.literal(PRESENCE_PROTOCOL),
    machineId: Id,
    version: Version,
  }),
  /**
   * Server to agent with a nonce; agent to server with the same nonce and its signature over
   * `presenceChallengeText`. The server may ask again at any time: an agent that answers lives.
   */
  z.object({ type: z.literal('challenge'), nonce: OpaqueToken, signature: z.nullable(Base64Url) }),
  /**
   * Server to agent: start a session host with this token. Told again after a reconnect while the host may still be
   * on its way: an agent that has been asked for this session already does nothing.
   */
  z.object({ type: z.literal('start-session'), sessionId: Id, token: OpaqueToken }),
  /** Server to agent: end that session host. */
  z.object({ type: z.literal('stop'), sessionId: Id }),
  /** Server to agent: fetch the manifest of this version. */
  z.object({
    type: z.literal('update'),
    version: Version,
    manifestSha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  }),
  /** Server to agent: check in over HTTP now, within so many ms; its reply says what is wanted. */
  z.object({ type: z.literal('check-in'), withinMs: z.int().check(z.gte(0), z.lte(3_600_000)) }),
]);

/** The server pings so often, and gives the line up when nothing came for so long after a ping. */
export const PRESENCE_PING_MS = 15_000;
export const PRESENCE_PING_TIMEOUT_MS = 9_000;

export type PresenceMessage = z.infer<typeof PresenceMessage>;

const KEY_ORDER: Record<PresenceMessage['type'], readonly string[]> = {
  hello: ['protocol', 'machineId', 'version'],
  challenge: ['nonce', 'signature'],
  'start-session': ['sessionId', 'token'],
  stop: ['sessionId'],
  update: ['version', 'manifestSha256'],
  'check-in': ['withinMs'],
};

/**
 * The exact text of one message on the WebSocket: Engine.IO `4` (message), Socket.IO `2` (event), the
 * namespace, a comma, and the JSON array `[type, body]` (Socket.IO protocol 5, Engine.IO protocol 4).
 */
export function encodePresenceFrame(message: PresenceMessage): string {
  const fields = message as unknown as Record<string, unknown>;
  const body = Object.fromEntries(KEY_ORDER[message.type].map((key) => [key, fields[key]]));
  return `42${PRESENCE_NAMESPACE},${JSON.stringify([message.type, body])}`;
}

/** The inverse of {@link encodePresenceFrame}; undefined for anything else. */
export function decodePresenceFrame(frame: string): PresenceMessage | undefined {
  const prefix = `42${PRESENCE_NAMESPACE},`;
  if (!frame.startsWith(prefix)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(frame.slice(prefix.length));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed) || parsed.length !== 2 || typeof parsed[1] !== 'object') return undefined;
  const message = z.safeParse(PresenceMessage, { ...parsed[1], type: parsed[0] });
  return message.success ? message.data : undefined;
}
