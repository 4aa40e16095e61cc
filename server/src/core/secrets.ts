import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';

/** Identifier of a new row. */
export function newId(): string {
  return randomUUID();
}

/** An opaque secret of 32 random bytes in base64url (43 characters). */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a token: its SHA-256 in base64url. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Compares two secrets without telling by time where they differ. */
export function secretsEqual(left: string, right: string): boolean {
  const a = createHash('sha256').update(left).digest();
  const b = createHash('sha256').update(right).digest();
  return timingSafeEqual(a, b);
}
