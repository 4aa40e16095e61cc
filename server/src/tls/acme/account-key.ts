import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import * as z from 'zod/mini';

const Jwk = z.object({ crv: z.string(), kty: z.string(), x: z.string(), y: z.string() });

/** The key that a deployment's account at an ACME authority stands for. */
export interface AccountKey {
  readonly jwk: Readonly<Record<string, string>>;
  /** SHA-256 of the public key (RFC 7638), in base64url. */
  readonly thumbprint: string;
  /** A flattened JWS (RFC 7515) with ES256. */
  signed(header: Readonly<Record<string, unknown>>, payload: string): string;
}

/** A new private key, PEM. */
export function createAccountKeyPem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function readAccountKey(pem: string): AccountKey {
  const key = createPrivateKey(pem);
  const { crv, kty, x, y } = z.parse(Jwk, createPublicKey(key).export({ format: 'jwk' }));
  // The thumbprint is over these members in this order.
  const jwk = { crv, kty, x, y };
  return {
    jwk,
    thumbprint: createHash('sha256').update(JSON.stringify(jwk)).digest('base64url'),
    signed: (header, payload) => {
      const head = base64url(JSON.stringify({ alg: 'ES256', ...header }));
      const body = base64url(payload);
      const signature = sign('sha256', Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' });
      return JSON.stringify({
        protected: head,
        payload: body,
        signature: signature.toString('base64url'),
      });
    },
  };
}

function base64url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}
