import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../core/ports.ts';
import { writeWhole } from './programs/artifact.ts';

interface Deps {
  readonly publicUrl: string | undefined;
  readonly localOrigin: () => string;
  readonly cacheDir: string;
  readonly log: Log;
}

/**
 * The address that programs are for when nobody asks for them: those that machines update to, and links in mails.
 * Without a configured one it is where an installer was last fetched from, since those machines know the server by it;
 * only who has a good token can say that, and names of this computer itself do not count.
 */
export class OwnOrigin {
  readonly #deps: Deps;
  #heard: string | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#heard = deps.publicUrl === undefined ? read(fileIn(deps.cacheDir)) : undefined;
  }

  current(): string {
    return this.#deps.publicUrl ?? this.#heard ?? this.#deps.localOrigin();
  }

  /** An installer was fetched from there with a good token. */
  heard(origin: string): void {
    const { publicUrl, cacheDir, log } = this.#deps;
    if (publicUrl !== undefined || origin === this.#heard || isLoopback(origin)) return;
    this.#heard = origin;
    log.info({ origin }, 'machines know this server by this address; PUBLIC_URL would settle it');
    writeWhole(fileIn(cacheDir), `${origin}\n`).catch((error: unknown) =>
      log.warn({ err: error }, 'the address of this server is not remembered'),
    );
  }
}

function fileIn(cacheDir: string): string {
  return join(cacheDir, 'origin');
}

function read(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return URL.canParse(text) ? new URL(text).origin : undefined;
  } catch {
    // Nobody has fetched an installer yet.
    return undefined;
  }
}

function isLoopback(origin: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(origin).hostname);
}
