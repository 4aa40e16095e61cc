import { createECDH } from 'node:crypto';

/** The identity key of a browser that nobody has seen before. */
export function newBrowserKey(): string {
  return createECDH('prime256v1').generateKeys('base64url', 'uncompressed');
}

/** Of the one browser that most tests need. */
export const BROWSER_KEY = newBrowserKey();
