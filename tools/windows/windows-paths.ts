import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** How Windows programs of a prefix call a path of this computer: below its drive C where it is there, else by Z. */
export function toWindowsPath(prefix: string, path: string): string {
  const below = relative(join(prefix, 'drive_c'), path);
  const isOnC = below !== '..' && !below.startsWith('../');
  return (isOnC ? `C:\\${below}` : `Z:${path}`).replaceAll('/', '\\');
}

/** Where a Windows path (`C:\...` or `Z:\...`) lies here; names that exist are found whatever their case. */
export function toLocalPath(prefix: string, path: string): string {
  const [, drive = '', rest = ''] = /^([A-Za-z]):[\\/]?(.*)$/.exec(path) ?? [];
  const base = { C: join(prefix, 'drive_c'), Z: '/' }[drive.toUpperCase()];
  if (base === undefined) throw new Error(`Not a path on drive C or Z: ${path}`);
  return rest
    .split(/[\\/]/)
    .filter(Boolean)
    .reduce((folder, name) => join(folder, nameIn(folder, name)), base);
}

function nameIn(folder: string, name: string): string {
  try {
    const names = readdirSync(folder);
    if (names.includes(name)) return name;
    return names.find((other) => other.toLowerCase() === name.toLowerCase()) ?? name;
  } catch {
    return name;
  }
}
