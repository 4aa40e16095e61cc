import { createPublicKey, verify } from 'node:crypto';
import { presenceChallengeText } from '@guruconnect/shared';

/** First byte of a raw key that is not compressed (SEC 1, 2.3.3); two numbers of 32 bytes follow. */
const UNCOMPRESSED = 0x04;
const RAW_KEY_BYTES = 65;
const SIGNATURE_BYTES = 64;

export interface Proof {
  readonly machineId: string;
  readonly nonce: string;
  /** Base64url, IEEE P1363. */
  readonly signature: string;
}

/**
 * Whether the signature is that of the machine's key over the challenge. Checked on a thread of its own: hundreds of
 * agents may come in a second. False for anything that is no key or no signature.
 */
export function verifyProof(publicKey: string, { machineId, nonce, signature }: Proof): Promise<boolean> {
  const raw = Buffer.from(publicKey, 'base64url');
  const bytes = Buffer.from(signature, 'base64url');
  if (raw.length !== RAW_KEY_BYTES || raw[0] !== UNCOMPRESSED || bytes.length !== SIGNATURE_BYTES) {
    return Promise.resolve(false);
  }
  const x = raw.subarray(1, 33).toString('base64url');
  const y = raw.subarray(33).toString('base64url');
  const text = Buffer.from(presenceChallengeText({ machineId, nonce }), 'utf8');
  return new Promise((resolve) => {
    try {
      const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
      verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, bytes, (error, isGood) =>
        resolve(error === null && isGood),
      );
    } catch {
      // Not a point of the curve.
      resolve(false);
    }
  });
}
