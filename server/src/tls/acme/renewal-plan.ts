import { X509Certificate } from 'node:crypto';

const MINUTE_MS = 60_000;
const FIRST_RETRY_MS = 10 * MINUTE_MS;
const LAST_RETRY_MS = 12 * 60 * MINUTE_MS;

/** Whether a certificate is still in force. */
export function isInForce(certificate: string, now: number): boolean {
  return Date.parse(new X509Certificate(certificate).validTo) > now;
}

export function coversAll(certificate: string, domains: readonly string[]): boolean {
  const parsed = new X509Certificate(certificate);
  return domains.every((domain) => parsed.checkHost(domain) !== undefined);
}

/**
 * When to renew: with a third of its life left, and up to a thirtieth earlier (`random`: 0 to 1), so that not all
 * servers of the world do it at once.
 */
export function renewalTime(certificate: string, random: number): number {
  const { validFrom, validTo } = new X509Certificate(certificate);
  const end = Date.parse(validTo);
  const life = end - Date.parse(validFrom);
  return end - life / 3 - (life / 30) * random;
}

/** How long to wait after so many failures in a row, up to a fifth longer; authorities block who asks too often. */
export function retryDelayMs(failures: number, random: number, wantedSeconds = 0): number {
  const doubled = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 16));
  return Math.max(doubled, wantedSeconds * 1000) * (1 + random / 5);
}
