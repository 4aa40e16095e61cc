import * as z from 'zod/mini';
import { addBlob, assertSignable, signFile } from './sign-file.ts';
import type { SigningIdentity } from './signer.ts';
import { readSigningFiles } from './signer-config.ts';
import { type FromSigner, ToSigner } from './signer-messages.ts';
import { readSigningIdentity } from './signing-identity.ts';

export interface SignerProcessOptions {
  /** Names of the files, by variable of the configuration. */
  readonly variables: Readonly<Record<string, string>>;
  /** Files below it alone are signed. */
  readonly folder: string;
  readonly answer: (message: FromSigner) => void;
}

/** What the process that knows the certificate does with what it is asked: one thing after the other. */
export function createSignerProcess({ variables, folder, answer }: SignerProcessOptions): {
  take(raw: unknown): void;
} {
  let last: Promise<unknown> = Promise.resolve();

  async function carryOut({ ask, path }: ToSigner): Promise<SigningIdentity | null> {
    const files = readSigningFiles(variables);
    if (ask === 'identity') return readSigningIdentity(files);
    await assertSignable(path, folder);
    if (ask === 'sign') await signFile(path, files);
    else await addBlob(path);
    return null;
  }

  return {
    take: (raw) => {
      const asked = z.parse(ToSigner, raw);
      last = last
        .then(() => carryOut(asked))
        .then(
          (identity) => answer({ id: asked.id, problem: null, identity }),
          (error: unknown) => {
            const problem = error instanceof Error ? error.message : String(error);
            answer({ id: asked.id, problem, identity: null });
          },
        );
    },
  };
}
