import { existsSync, watch } from 'node:fs';
import path from 'node:path';
import { MAX_PROPERTIES, Reconfiguration } from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { StateFolder } from './state-folder.ts';

const FILE = 'reconfigure.json';
/** What the server would not take, kept for whoever wonders. */
const REFUSED_FILE = 'reconfigure-refused.json';

/** What was asked with `--reconfigure` and the server has not heard yet (U9). */
export class PendingReconfiguration {
  readonly #folder: StateFolder;

  constructor(folder: StateFolder) {
    this.#folder = folder;
  }

  load(): Promise<Reconfiguration | undefined> {
    return this.#folder.read(FILE, Reconfiguration);
  }

  /** Adds to what waits already; of two values for one thing the newer counts. */
  async add(change: Reconfiguration): Promise<void> {
    await this.#folder.write(FILE, merge((await this.load()) ?? {}, change));
  }

  /** The server has it. What came in meanwhile stays. */
  async done(sent: Reconfiguration): Promise<void> {
    if (JSON.stringify(await this.load()) === JSON.stringify(sent)) await this.#folder.remove(FILE);
  }

  /** The server will never take it: out of the way, so that check-ins go on. */
  async refused(sent: Reconfiguration, reason: string): Promise<void> {
    await this.#folder.write(REFUSED_FILE, { reason, change: sent });
    await this.done(sent);
  }

  /** Why the last one was refused; undefined when it was not. */
  async refusal(): Promise<string | undefined> {
    return (await this.#folder.read(REFUSED_FILE, z.object({ reason: z.string() })))?.reason;
  }

  async forgetRefusal(): Promise<void> {
    await this.#folder.remove(REFUSED_FILE);
  }

  /** Calls back whenever something was added; by the kernel's word, nothing is polled. */
  onAdded(listener: () => void): () => void {
    const watcher = watch(this.#folder.path, { persistent: false }, (_event, name) => {
      // It is told of the file's going as well.
      if (name === FILE && existsSync(path.join(this.#folder.path, FILE))) listener();
    });
    // A folder that is taken away ends the watch; the next check-in looks for itself.
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  }
}

function merge(older: Reconfiguration, newer: Reconfiguration): Reconfiguration {
  const properties = { ...older.properties, ...newer.properties };
  const merged = { ...older, ...newer, ...(Object.keys(properties).length > 0 ? { properties } : {}) };
  return z.parse(Reconfiguration, merged, {
    error: () => `At most ${MAX_PROPERTIES} custom properties can wait for the server at once.`,
  });
}
