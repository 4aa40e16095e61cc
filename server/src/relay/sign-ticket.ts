import { createHmac } from 'node:crypto';
import { RELAY_JOIN_WITHIN_MS, RELAY_LIMITS, type RelayTicketClaims } from '@guruconnect/shared';

/** A ticket for both ends of a peer, as `shared/` documents it. */
export function signTicket(
  secret: string,
  peer: { readonly peerId: string; readonly origin: string },
  nowMs: number,
): string {
  const claims: RelayTicketClaims = {
    v: 1,
    peerId: peer.peerId,
    joinBy: nowMs + RELAY_JOIN_WITHIN_MS,
    origin: peer.origin,
    limits: RELAY_LIMITS,
  };
  const payload = Buffer.from(JSON.stringify(claims), 'utf8').toString('base64url');
  return `${payload}.${createHmac('sha256', secret).update(payload).digest('base64url')}`;
}
