import type { WireError } from '../errors.ts';
import { PRESENCE_NAMESPACE, PRESENCE_PING_MS, PRESENCE_PING_TIMEOUT_MS } from './presence.ts';

/** Longest text that an agent may send on its line. */
export const MAX_PRESENCE_FRAME_BYTES = 4096;

/**
 * What else is said on an agent's line: the handshakes and heartbeats of Engine.IO 4 and Socket.IO 5, WebSocket only.
 * In this order: the server's `open`, the agent's `connect`, the server's `connected`. Their bytes are fixed in
 * `golden/presence-line.json`.
 */
export const PRESENCE_FRAMES = {
  /** Server to agent, to be answered with `pong` at once. */
  ping: '2',
  pong: '3',
  /** Agent to server: wants the namespace. What Socket.IO calls `auth` may follow and is not looked at. */
  connect: `40${PRESENCE_NAMESPACE},`,
  /** Either way: the line is given up on purpose. */
  disconnect: `41${PRESENCE_NAMESPACE},`,
  /** Either way: the connection is about to close. */
  close: '1',
} as const;

/** Server to agent, first of all. An agent that hears nothing for both times together gives the line up. */
export function presenceOpenFrame(connectionId: string): string {
  return `0${JSON.stringify({
    sid: connectionId,
    upgrades: [],
    pingInterval: PRESENCE_PING_MS,
    pingTimeout: PRESENCE_PING_TIMEOUT_MS,
    maxPayload: MAX_PRESENCE_FRAME_BYTES,
  })}`;
}

/** Server to agent: the namespace is open, say `hello`. */
export function presenceConnectedFrame(connectionId: string): string {
  return `40${PRESENCE_NAMESPACE},${JSON.stringify({ sid: connectionId })}`;
}

/** Server to agent: refused. The connection closes after it. */
export function presenceRefusalFrame(error: WireError): string {
  return `44${PRESENCE_NAMESPACE},${JSON.stringify({ message: error.message, data: error })}`;
}
