import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { machineCommandText, type SignedMachineCommand } from '@guruconnect/shared';
import type { ServerKeys } from '../core/ports.ts';

/** The key that every agent pinned when it enrolled. What it signs for grants begins otherwise: neither passes for the other. */
const GRANT_KEY = 'grants';

/** Signs commands, so that nobody but the server makes a machine restart. */
export class CommandSigner {
  readonly #keys: ServerKeys;
  #loaded: Promise<KeyObject> | undefined;

  constructor(keys: ServerKeys) {
    this.#keys = keys;
  }

  async sign(
    machineId: string,
    command: Omit<SignedMachineCommand, 'signature'>,
  ): Promise<SignedMachineCommand> {
    const text = machineCommandText(machineId, command);
    const key = { key: await this.#key(), dsaEncoding: 'ieee-p1363' } as const;
    return { ...command, signature: sign('sha256', Buffer.from(text), key).toString('base64url') };
  }

  #key(): Promise<KeyObject> {
    this.#loaded ??= this.#keys
      .signingKey(GRANT_KEY)
      .then(({ privateKeyPem }) => createPrivateKey(privateKeyPem));
    // A failed read is tried again by the next caller.
    this.#loaded.catch(() => {
      this.#loaded = undefined;
    });
    return this.#loaded;
  }
}
