import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WindowsBuild } from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { Log } from '../../core/ports.ts';

const NAME = 'release.json';

/** What `npm run build:windows` made; it may appear, or be replaced, while the server runs. */
export class WindowsBuildFolder {
  readonly directory: string;
  readonly #log: Log;
  #stamp = '';
  #build: WindowsBuild | undefined;

  constructor(directory: string, log: Log) {
    this.directory = directory;
    this.#log = log;
  }

  /** The build that lies there now; undefined when there is none that can be read. */
  async current(): Promise<WindowsBuild | undefined> {
    const file = join(this.directory, NAME);
    const found = await stat(file).catch(() => undefined);
    if (!found) {
      this.#stamp = '';
      return undefined;
    }
    const stamp = `${found.mtimeMs} ${found.size} ${found.ino}`;
    if (stamp === this.#stamp) return this.#build;
    this.#build = await this.#read(file);
    this.#stamp = stamp;
    return this.#build;
  }

  async #read(file: string): Promise<WindowsBuild | undefined> {
    try {
      return z.parse(WindowsBuild, JSON.parse(await readFile(file, 'utf8')));
    } catch (error) {
      this.#log.warn({ err: error, file }, 'the build for Windows cannot be read');
      return undefined;
    }
  }

  path(file: { readonly name: string }): string {
    return join(this.directory, file.name);
  }
}
