import { randomBytes } from 'node:crypto';

/** How long somebody waits at the door while codes are under attack. */
export const KNOCK_MS = 90_000;

/**
 * A token to wait with. It carries the time it was made (6 bytes) before 26 random bytes, so that a wrong code
 * can be kept waiting exactly as long as a right one that nobody answers, with nothing stored for it.
 */
export function newKnockToken(now: number): string {
  const bytes = randomBytes(32);
  bytes.writeUIntBE(now, 0, 6);
  return bytes.toString('base64url');
}

/** Clocks of several nodes may differ by so much. */
const SKEW_MS = 10_000;

/** When waiting with this token ends if nobody answers; a made-up time gains nothing but a shorter wait. */
export function knockTokenExpiry(token: string, now: number): number {
  const madeAt = Buffer.from(token, 'base64url').readUIntBE(0, 6);
  return madeAt > now + SKEW_MS ? now : madeAt + KNOCK_MS;
}
