import { createHmac, timingSafeEqual } from 'node:crypto';
import { RelayTicketClaims } from '@guruconnect/shared';
import * as z from 'zod/mini';

/** The claims of a ticket that this secret signed; undefined for anything else. Its time is not looked at. */
export function verifyTicket(secret: string, ticket: string): RelayTicketClaims | undefined {
  const [payload = '', mac = '', ...rest] = ticket.split('.');
  const expected = Buffer.from(createHmac('sha256', secret).update(payload).digest('base64url'));
  // The texts are compared, not the bytes: another spelling of the same bytes would be another ticket to both ends.
  const given = Buffer.from(mac);
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected))
    return undefined;
  const claims = z.safeParse(RelayTicketClaims, parsed(payload));
  return claims.success ? claims.data : undefined;
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
