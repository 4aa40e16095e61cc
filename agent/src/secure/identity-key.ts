import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** The key by which this machine is known to the viewers of its session. */
export interface IdentityKey {
  /** 65 bytes, uncompressed, in base64url. */
  readonly publicKey: string;
  /** ECDSA P-256 with SHA-256 in IEEE P1363 form, in base64url. */
  sign(message: Uint8Array): string;
}

/** A new key, as it is kept: PKCS#8 in base64url. */
export function newIdentityKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url');
}

/** Throws on anything but a P-256 key of {@link newIdentityKey}. */
export function readIdentityKey(kept: string): IdentityKey {
  const privateKey = createPrivateKey({
    key: Buffer.from(kept, 'base64url'),
    format: 'der',
    type: 'pkcs8',
  });
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('It is no P-256 key.');
  return {
    publicKey: rawPublicKey(createPublicKey(privateKey)),
    sign: (message) =>
      sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url'),
  };
}

function rawPublicKey(key: KeyObject): string {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const point = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  return Buffer.concat(point).toString('base64url');
}
