import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Bytes32, Id } from '@guruconnect/shared';
import * as z from 'zod/mini';

/** Which browser each participant of a session came with first; another one needs consent anew. */
export interface ViewerPins {
  /** Notes the key of a new participant; false when the participant is known by another key. */
  accept(participantId: string, keyThumbprint: string): boolean;
  /** The session is over. */
  forget(): void;
}

const Kept = z.record(Id, Bytes32);

/** Pins for as long as the process lives. */
export class MemoryPins implements ViewerPins {
  readonly #keys = new Map<string, string>();

  accept(participantId: string, keyThumbprint: string): boolean {
    const known = this.#keys.get(participantId);
    if (known !== undefined) return known === keyThumbprint;
    this.#keys.set(participantId, keyThumbprint);
    return true;
  }

  forget(): void {
    this.#keys.clear();
  }
}

/** Pins in a file, so that a session that goes on in another process knows its participants. */
export class FilePins implements ViewerPins {
  readonly #dir: string;
  readonly #file: string;
  readonly #keys: Map<string, string>;

  /** Throws when a file is there that cannot be read. A damaged one pins nobody: consent stands for itself. */
  constructor(options: { dir: string; sessionId: string }) {
    const name = createHash('sha256').update(options.sessionId).digest('hex').slice(0, 32);
    this.#dir = options.dir;
    this.#file = path.join(options.dir, `pins-${name}.json`);
    this.#keys = new Map(Object.entries(read(this.#file)));
  }

  accept(participantId: string, keyThumbprint: string): boolean {
    const known = this.#keys.get(participantId);
    if (known !== undefined) return known === keyThumbprint;
    this.#keys.set(participantId, keyThumbprint);
    // Written before anything is shown to the new browser, and as a whole: a crash leaves the old or the new file.
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    const fresh = `${this.#file}.${process.pid}`;
    writeFileSync(fresh, JSON.stringify(Object.fromEntries(this.#keys)), { mode: 0o600 });
    renameSync(fresh, this.#file);
    return true;
  }

  forget(): void {
    this.#keys.clear();
    rmSync(this.#file, { force: true });
  }
}

function read(file: string): Record<string, string> {
  try {
    const parsed = z.safeParse(Kept, JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}
