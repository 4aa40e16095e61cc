import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { WindowsBuild } from '@guruconnect/shared';
import * as z from 'zod/mini';
import { packUp } from '../../../installers/windows/pack-up.mjs';
import { ROOT } from '../stage.ts';

const AGENT = join(ROOT, 'dist', 'windows-agent');
const PACKED = /\.(mjs|cjs|js|json|node|exe|txt)$|\/LICENSE$/;

/**
 * Puts another version into a copy of `dist/windows`, as if it had been built: the same agent under another number,
 * or with other bytes for one of its files.
 */
export async function makeRelease(
  windowsDir: string,
  version: string,
  replaced: Readonly<Record<string, string>> = {},
): Promise<void> {
  const file = join(windowsDir, 'release.json');
  const release = z.parse(WindowsBuild, JSON.parse(readFileSync(file, 'utf8')));
  const built = z.parse(z.object({ version: z.string() }), readJson(join(AGENT, 'package.json'))).version;
  const files = readdirSync(AGENT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(AGENT, join(entry.parentPath, entry.name)))
    .filter((path) => PACKED.test(path))
    .sort()
    .map((path) => {
      const content = readFileSync(join(AGENT, path));
      if (replaced[path] !== undefined) return { path, content: Buffer.from(replaced[path]) };
      if (path.includes('/') || !/\.(mjs|json)$/.test(path)) return { path, content };
      return { path, content: Buffer.from(content.toString().replaceAll(`"${built}"`, `"${version}"`)) };
    });
  const pack = await packUp(files);
  writeFileSync(join(windowsDir, release.files.pack.name), pack);
  const sha256 = createHash('sha256').update(pack).digest('hex');
  const next = {
    ...release,
    version,
    files: { ...release.files, pack: { ...release.files.pack, size: pack.length, sha256 } },
  };
  writeFileSync(file, `${JSON.stringify(next, null, 2)}\n`);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
