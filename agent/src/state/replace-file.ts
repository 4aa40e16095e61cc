import { rename } from 'node:fs/promises';

/** A virus scanner on Windows holds a new file open for a moment; then it cannot take another's place. */
const PASSING = new Set(['EPERM', 'EBUSY', 'EACCES']);
const TRIES = 6;
const BETWEEN_MS = 25;

/** Puts `fresh` in the place of `file`, which whoever reads it sees as a whole, old or new. */
export async function replaceFile(fresh: string, file: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await rename(fresh, file);
      return;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? `${error.code}` : '';
      if (tries === TRIES || !PASSING.has(code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS * tries));
    }
  }
}
