import { createHash } from 'node:crypto';

/**
 * The id that a person has as a participant of a session. It follows from both, so that a peer made before they
 * join belongs to the same participant as one made afterwards, on whichever node and in whatever order.
 * A UUID of version 8 (RFC 9562).
 */
export function participantIdOf(sessionId: string, userId: string): string {
  const hash = createHash('sha256').update(`participant ${sessionId} ${userId}`).digest('hex');
  const variant = (Number.parseInt(hash.slice(16, 18), 16) & 0x3f) | 0x80;
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant.toString(16)}${hash.slice(18, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}
