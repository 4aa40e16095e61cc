import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Debian's packages by the programs that we need of them. */
const TOOLS = [
  { program: 'wixl', package: 'wixl' },
  { program: 'msibuild', package: 'msitools' },
] as const;
const TIMEOUT_MS = 60_000;
const LOOK_AGAIN_MS = 30_000;

/** The programs that make MSI files; they may be installed while the server runs. */
export class MsiTools {
  #missing: { at: number; sentence: string | null } | undefined;

  /** Which packages are missing, as a sentence; null when all is there. `nowMs`: of a clock. */
  async problem(nowMs: number): Promise<string | null> {
    const known = this.#missing;
    if (known && (known.sentence === null || nowMs - known.at < LOOK_AGAIN_MS)) return known.sentence;
    const there = await Promise.all(TOOLS.map(({ program }) => isThere(program)));
    const missing = TOOLS.filter((_, at) => !there[at]).map((tool) => tool.package);
    const sentence =
      missing.length === 0
        ? null
        : `This server needs the package${missing.length > 1 ? 's' : ''} ${missing.join(' and ')} to make MSI files (Debian: sudo apt-get install ${missing.join(' ')}).`;
    this.#missing = { at: nowMs, sentence };
    return sentence;
  }

  /** Runs one of them; rejects with its own words. */
  async run(program: (typeof TOOLS)[number]['program'], args: readonly string[], cwd: string): Promise<void> {
    try {
      // Its environment decides how texts are encoded, and nothing else of ours is its business.
      const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C.UTF-8' };
      await run(program, args, { cwd, env, timeout: TIMEOUT_MS });
    } catch (error) {
      const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
      throw new Error(`${program} failed: ${said || String(error)}`, { cause: error });
    }
  }
}

async function isThere(program: string): Promise<boolean> {
  return run(program, ['--version']).then(
    () => true,
    // One that knows no such option is there all the same.
    (error: unknown) => !(error instanceof Error && 'code' in error && error.code === 'ENOENT'),
  );
}
