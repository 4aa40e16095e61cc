import { createPublicKey, verify } from 'node:crypto';

/**
 * Whether `text` was signed with the P-256 key whose raw form (65 bytes, base64url) is given: ECDSA with SHA-256 in
 * IEEE P1363 form, base64url. False for keys that are none: a point that is not on the curve signs nothing.
 */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  const point = Buffer.from(publicKey, 'base64url');
  if (point.length !== 65 || point[0] !== 4) return false;
  const x = point.subarray(1, 33).toString('base64url');
  const y = point.subarray(33).toString('base64url');
  try {
    const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
    return verify(
      'sha256',
      Buffer.from(text),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
  } catch {
    // OpenSSL refuses the point or the form of the signature.
    return false;
  }
}
