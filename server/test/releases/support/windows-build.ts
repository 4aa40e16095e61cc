import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WindowsBuild } from '@guruconnect/shared';

const SOURCE = fileURLToPath(new URL('./stand-in-program.c', import.meta.url));

/** A program of our own in place of the real ones: it writes its resources down, and acts as a service. */
export function standInProgram(): string {
  const hash = createHash('sha256').update(readFileSync(SOURCE)).digest('hex').slice(0, 16);
  const program = join(tmpdir(), `gc-stand-in-${process.getuid?.() ?? 0}-${hash}.exe`);
  if (!existsSync(program)) {
    const scratch = mkdtempSync(join(tmpdir(), 'gc-stand-in-'));
    const target = join(scratch, 'program.exe');
    execFileSync('x86_64-w64-mingw32-gcc', [
      ...['-Os', '-s', '-municode', '-static', '-Wall', '-Werror'],
      ...['-o', target, SOURCE, '-ladvapi32'],
    ]);
    renameSync(target, program);
  }
  return program;
}

/** Writes what `npm run build:windows` would write, with stand-ins for the programs and random bytes for the pack. */
export function writeWindowsBuild(
  directory: string,
  options: { version?: string; packBytes?: number } = {},
): WindowsBuild {
  const { version = '0.1.0', packBytes = 100_000 } = options;
  mkdirSync(directory, { recursive: true });
  const program = readFileSync(standInProgram());
  const file = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(directory, name), bytes);
    return { name, size: bytes.length, sha256: sha256(bytes) };
  };
  const build: WindowsBuild = {
    version,
    platform: 'win32-x64',
    node: '22.0.0',
    files: {
      pack: file('pack-win32-x64.tar.xz', randomBytes(packBytes)),
      ui: file('GuruConnect.exe', program),
      service: file('guruconnect-service.exe', program),
    },
  };
  writeFileSync(join(directory, 'release.json'), JSON.stringify(build));
  return build;
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
