import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import path from 'node:path';

/** The files that a machine describes itself in. What is not there, or may not be read, is empty. */
export class MachineFiles {
  readonly #root: string;

  /** `root`: where this system's `/` is; another folder in tests. */
  constructor(root = '/') {
    this.#root = root;
  }

  /** The text, trimmed at its end. */
  async text(file: string): Promise<string> {
    return (await this.bytes(file)).toString('utf8').trimEnd();
  }

  async bytes(file: string): Promise<Buffer> {
    try {
      return await readFile(path.join(this.#root, file));
    } catch {
      // Not there, or not for this user: both mean that nothing is known.
      return Buffer.alloc(0);
    }
  }

  /** The names in a folder, sorted. */
  async list(folder: string): Promise<string[]> {
    try {
      return (await readdir(path.join(this.#root, folder))).sort();
    } catch {
      return [];
    }
  }

  async exists(file: string): Promise<boolean> {
    return (await this.stat(file)) !== undefined;
  }

  async stat(file: string) {
    try {
      return await stat(path.join(this.#root, file));
    } catch {
      return undefined;
    }
  }

  async link(file: string): Promise<string> {
    try {
      return await readlink(path.join(this.#root, file));
    } catch {
      return '';
    }
  }
}
