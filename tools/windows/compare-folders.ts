import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/**
 * What differs between two folders, one line per file; nothing when both hold the same names and bytes. Archives that
 * differ are unpacked and compared inside.
 */
export function compareFolders(left: string, right: string): string[] {
  const [inLeft, inRight] = [filesOf(left), filesOf(right)];
  const names = [...new Set([...inLeft, ...inRight])].sort();
  return names.flatMap((name) => {
    if (!inRight.includes(name)) return [`${name}: only in ${left}`];
    if (!inLeft.includes(name)) return [`${name}: only in ${right}`];
    return compareFiles(name, join(left, name), join(right, name));
  });
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function compareFiles(name: string, left: string, right: string): string[] {
  const [one, other] = [readFileSync(left), readFileSync(right)];
  if (one.equals(other)) return [];
  const sizes = `${one.length} and ${other.length} bytes`;
  const lines = [`${name}: ${sizes}, different from byte ${firstDifference(one, other)} on`];
  return /\.tar(\.\w+)?$/.test(name) ? [...lines, ...compareArchives(name, left, right)] : lines;
}

function firstDifference(one: Buffer, other: Buffer): number {
  const end = Math.min(one.length, other.length);
  for (let at = 0; at < end; at += 1) if (one[at] !== other[at]) return at;
  return end;
}

function compareArchives(name: string, left: string, right: string): string[] {
  const folders = [left, right].map((archive) => {
    const folder = mkdtempSync(join(tmpdir(), 'guruconnect-compare-'));
    execFileSync('tar', ['-xf', archive, '-C', folder]);
    return folder;
  });
  const [one = '', other = ''] = folders;
  try {
    const inside = compareFolders(one, other).map((line) => `  in ${name}: ${line}`);
    return inside.length > 0 ? inside : [`  in ${name}: the same files`];
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
}
