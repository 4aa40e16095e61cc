// @ts-check
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { drawIcon } from './icon.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * The object with a program's icon, manifest and version.
 *
 * @param {{ windres: string, name: string, title: string, version: string }} options
 */
export async function compileResources({ windres, name, title, version }) {
  const icon = drawIcon();
  const manifest = readFileSync(join(here, 'program.manifest'));
  const text = script({ name, title, version });
  const hash = createHash('sha256').update(windres).update(icon).update(manifest).update(text).digest('hex');
  const folder = join(homedir(), '.cache', 'guruconnect', 'launcher', 'resources', hash.slice(0, 32));
  const object = join(folder, 'resources.o');
  if (existsSync(object)) return object;
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  writeFileSync(join(fresh, 'program.ico'), icon);
  writeFileSync(join(fresh, 'program.manifest'), manifest);
  writeFileSync(join(fresh, 'program.rc'), text);
  await promisify(execFile)(windres, ['-c', '65001', 'program.rc', '-O', 'coff', '-o', 'resources.o'], {
    cwd: fresh,
  });
  if (!existsSync(folder)) renameSync(fresh, folder);
  rmSync(fresh, { recursive: true, force: true });
  return object;
}

/** @param {{ name: string, title: string, version: string }} options */
function script({ name, title, version }) {
  const numbers = [...version.split('.').map((part) => Number.parseInt(part, 10) || 0), 0, 0, 0]
    .slice(0, 4)
    .join(',');
  const values = {
    CompanyName: 'GuruConnect',
    FileDescription: title,
    FileVersion: version,
    InternalName: name,
    OriginalFilename: name,
    ProductName: 'GuruConnect',
    ProductVersion: version,
  };
  const lines = Object.entries(values).map(([key, value]) => `VALUE "${key}", "${value}"`);
  return `1 ICON "program.ico"
1 24 "program.manifest"
1 VERSIONINFO
FILEVERSION ${numbers}
PRODUCTVERSION ${numbers}
FILEFLAGSMASK 0x3f
FILEFLAGS 0
FILEOS 0x40004
FILETYPE 1
BEGIN
  BLOCK "StringFileInfo" BEGIN BLOCK "040904b0" BEGIN
    ${lines.join('\n    ')}
  END END
  BLOCK "VarFileInfo" BEGIN VALUE "Translation", 0x409, 1200 END
END
`;
}
