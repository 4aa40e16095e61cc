import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MachineFiles } from '../../src/inventory/machine-files.ts';

/** A folder that stands for another computer's `/`. Text and bytes are files; `null` is an empty folder. */
export async function fileTree(
  files: Readonly<Record<string, string | Buffer | null>>,
  options: {
    readonly times?: Readonly<Record<string, number>>;
    readonly links?: Readonly<Record<string, string>>;
  } = {},
): Promise<{ root: string; files: MachineFiles; remove: () => Promise<void> }> {
  const root = await mkdtemp(path.join(tmpdir(), 'gc-files-'));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    await mkdir(content === null ? file : path.dirname(file), { recursive: true });
    if (content !== null) await writeFile(file, content);
  }
  for (const [name, target] of Object.entries(options.links ?? {}))
    await symlink(target, path.join(root, name));
  for (const [name, ms] of Object.entries(options.times ?? {})) {
    await utimes(path.join(root, name), ms / 1000, ms / 1000);
  }
  return { root, files: new MachineFiles(root), remove: () => rm(root, { recursive: true }) };
}
