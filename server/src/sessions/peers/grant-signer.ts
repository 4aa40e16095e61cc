import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import type { GrantClaims, SignedGrant } from '@guruconnect/shared';
import type { ServerKeys } from '../../core/ports.ts';

/** Name of the server's key that agents check grants against. */
const GRANT_KEY = 'grants';

/**
 * Signs what a peer may do: ECDSA P-256 with SHA-256 in IEEE P1363 form over the base64url text of the claims'
 * JSON, as `shared/` documents it.
 */
export function signGrant(privateKey: KeyObject, claims: GrantClaims): SignedGrant {
  const payload = Buffer.from(JSON.stringify(claims), 'utf8').toString('base64url');
  const signature = sign('sha256', Buffer.from(payload, 'utf8'), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return { payload, signature: signature.toString('base64url') };
}

/** Signs with the server's own key. */
export class GrantSigner {
  readonly #keys: ServerKeys;
  #loaded: Promise<{ privateKey: KeyObject; publicKey: string }> | undefined;

  constructor(keys: ServerKeys) {
    this.#keys = keys;
  }

  /** What agents check grants with: SPKI in base64url. */
  async publicKey(): Promise<string> {
    return (await this.#key()).publicKey;
  }

  async sign(claims: GrantClaims): Promise<SignedGrant> {
    return signGrant((await this.#key()).privateKey, claims);
  }

  #key(): Promise<{ privateKey: KeyObject; publicKey: string }> {
    this.#loaded ??= this.#keys.signingKey(GRANT_KEY).then((key) => ({
      privateKey: createPrivateKey(key.privateKeyPem),
      publicKey: key.publicKeySpkiBase64Url,
    }));
    // A failed read is tried again by the next caller.
    this.#loaded.catch(() => {
      this.#loaded = undefined;
    });
    return this.#loaded;
  }
}
