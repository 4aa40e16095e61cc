import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { GuruError } from '@guruconnect/shared';
import * as z from 'zod/mini';
import { replaceFile } from './replace-file.ts';

/** Where the service of an always-on agent keeps what it knows, unless it is told otherwise. */
export const SYSTEM_STATE_DIR = '/var/lib/guruconnect';

/** A folder of JSON files for this user alone. Files are replaced as a whole: a crash leaves the old or the new one. */
export class StateFolder {
  readonly path: string;

  constructor(folder: string) {
    this.path = folder;
  }

  /**
   * undefined when there is no such file. Throws `not-allowed` when it may not be read, and `invalid-message` when it is
   * damaged: what is known must not be forgotten in silence.
   */
  async read<T extends z.ZodMiniType>(name: string, schema: T): Promise<z.infer<T> | undefined> {
    const file = path.join(this.path, name);
    const text = await this.#text(file);
    if (text === undefined) return undefined;
    const parsed = z.safeParse(schema, parseJson(text));
    if (!parsed.success) throw GuruError.invalid(`The file ${file} is damaged.`, parsed.error);
    return parsed.data;
  }

  /** Throws `not-allowed` when this user may not write here. */
  async write(name: string, value: unknown): Promise<void> {
    const file = path.join(this.path, name);
    const fresh = `${file}.${process.pid}`;
    try {
      await mkdir(this.path, { recursive: true, mode: 0o700 });
      const handle = await open(fresh, 'w', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`);
        // On the disk before it takes the old one's place: a power cut must not leave an empty file.
        await handle.sync();
      } finally {
        await handle.close();
      }
      await replaceFile(fresh, file);
    } catch (error) {
      throw explain(error, file);
    }
  }

  async remove(name: string): Promise<void> {
    await rm(path.join(this.path, name), { force: true });
  }

  async #text(file: string): Promise<string | undefined> {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw explain(error, file);
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Fails the schema, with a clear message there.
    return undefined;
  }
}

function explain(error: unknown, file: string): unknown {
  if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EPERM') return error;
  const message = `${file} belongs to the system's agent: run this as root or administrator, for example with sudo.`;
  return new GuruError('not-allowed', message, { cause: error });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
