import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const NATIVE = fileURLToPath(new URL('native/', import.meta.url));
const PARSE = fileURLToPath(new URL('../common/parse/', import.meta.url));
const FLAGS = ['-std=gnu11', '-O1', '-g', '-Wall', '-Wextra', '-Werror', '-Wshadow'];
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];
const FUZZ_SECONDS = 2;

let folder: string;
let program: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guruconnect-launcher-'));
  program = join(folder, 'checks');
  const sources = [NATIVE, PARSE].flatMap((from) =>
    readdirSync(from)
      .filter((name) => name.endsWith('.c'))
      .map((name) => join(from, name)),
  );
  execFileSync('gcc', [...FLAGS, ...SANITIZERS, ...sources, '-o', program], { stdio: 'pipe' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What it prints; rejects with that when a check failed. */
function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The checks failed (${status}):\n${stdout}\n${stderr}`);
  return stdout;
}

describe("the launcher's parsers, with sanitizers", () => {
  it('take what is good and refuse what is not', () => {
    expect(run()).toMatch(/^\d{3,} checks, 0 failed\n$/);
  });

  it('stand mutated inputs', () => {
    // It prints its seed, so that a failure can be repeated.
    const seed = String(1 + Math.floor(Math.random() * 0xfffffff));
    expect(run('fuzz', seed, String(FUZZ_SECONDS))).toMatch(/tar: \d{3,} inputs/);
  });
});
