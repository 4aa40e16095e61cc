import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { GuruError } from '@guruconnect/shared';
import { AUTHORITY_FILES } from '../machine/authorities.ts';
import { SYSTEM_STATE_DIR } from '../state/state-folder.ts';

const run = promisify(execFile);

export const UNIT = 'guruconnect-agent.service';
const UNIT_DIR = '/etc/systemd/system';
const PROGRAM_DIR = '/opt/guruconnect-agent';
const COMMAND = '/usr/local/bin/guruconnect-agent';
export interface InstallDeps {
  /** Where the system's `/` is; another folder for images and tests. */
  readonly root: string;
  /** The folder of the agent that runs now. */
  readonly programDir: string;
  /** The text of the unit, with `__NODE__` and `__CA__` to fill in. */
  readonly unitTemplate: string;
  readonly node: string;
  readonly print: (line: string) => void;
}

/** Installs the agent and its service, and starts it where systemd runs. Rejects with a GuruError. */
export async function installService(deps: InstallDeps): Promise<void> {
  const { root, programDir, unitTemplate, node, print } = deps;
  const at = (file: string) => path.join(root, file);
  await asRoot(async () => {
    if (path.resolve(programDir) !== at(PROGRAM_DIR)) {
      // Beside the old one first: a copy that fails halfway leaves what is there.
      await rm(at(`${PROGRAM_DIR}.new`), { recursive: true, force: true });
      await cp(programDir, at(`${PROGRAM_DIR}.new`), { recursive: true });
      await rm(at(PROGRAM_DIR), { recursive: true, force: true });
      await cp(at(`${PROGRAM_DIR}.new`), at(PROGRAM_DIR), { recursive: true });
      await rm(at(`${PROGRAM_DIR}.new`), { recursive: true, force: true });
    }
    await mkdir(at(SYSTEM_STATE_DIR), { recursive: true, mode: 0o700 });
    await chmod(at(SYSTEM_STATE_DIR), 0o700);
    await mkdir(path.dirname(at(COMMAND)), { recursive: true });
    await writeFile(at(COMMAND), `#!/bin/sh\nexec ${node} ${PROGRAM_DIR}/main.mjs "$@"\n`, { mode: 0o755 });
    await mkdir(at(UNIT_DIR), { recursive: true });
    const authorities = await firstThere(AUTHORITY_FILES.map(at));
    const ca = authorities ? `Environment=NODE_EXTRA_CA_CERTS=/${path.relative(root, authorities)}` : '';
    const unit = unitTemplate.replaceAll('__NODE__', node).replaceAll('__CA__', ca);
    await writeFile(path.join(at(UNIT_DIR), UNIT), unit, { mode: 0o644 });
  });
  print(`The agent is installed in ${PROGRAM_DIR}; its command is guruconnect-agent.`);
  await enable(root, print);
}

/** Takes the service and the program away. The identity stays unless `purge`. */
export async function uninstallService(
  { root, print }: Pick<InstallDeps, 'root' | 'print'>,
  purge: boolean,
): Promise<void> {
  const at = (file: string) => path.join(root, file);
  await disable(root);
  await asRoot(async () => {
    await rm(path.join(at(UNIT_DIR), UNIT), { force: true });
    await rm(at(COMMAND), { force: true });
    await rm(at(PROGRAM_DIR), { recursive: true, force: true });
    if (purge) await rm(at(SYSTEM_STATE_DIR), { recursive: true, force: true });
  });
  if (await isSystemdRunning(root)) await systemctl(root, 'daemon-reload');
  print('The agent and its service are removed.');
  print(
    purge
      ? 'The machine’s identity is removed as well; on the server the machine stays until somebody removes it.'
      : `The machine’s identity stays in ${SYSTEM_STATE_DIR}: an agent that is installed again is the same machine.`,
  );
}

async function enable(root: string, print: InstallDeps['print']): Promise<void> {
  if (!(await hasSystemctl())) {
    print(
      'This computer has no systemd. Have its own init system run "guruconnect-agent --service" at every start.',
    );
    return;
  }
  await systemctl(root, 'enable', UNIT);
  if (await isSystemdRunning(root)) {
    await systemctl(root, 'daemon-reload');
    await systemctl(root, 'restart', UNIT);
    print('The service runs, and starts with the computer.');
  } else {
    print('systemd does not run here now: the service starts with the next start of the computer.');
  }
}

async function disable(root: string): Promise<void> {
  if (!(await hasSystemctl())) return;
  if (await isSystemdRunning(root)) await systemctl(root, 'stop', UNIT);
  await systemctl(root, 'disable', UNIT);
}

async function hasSystemctl(): Promise<boolean> {
  return run('systemctl', ['--version']).then(
    () => true,
    () => false,
  );
}

/** By sd_booted(3). */
async function isSystemdRunning(root: string): Promise<boolean> {
  return root === '/' && (await firstThere(['/run/systemd/system'])) !== undefined;
}

async function systemctl(root: string, ...args: string[]): Promise<void> {
  try {
    await run('systemctl', [...(root === '/' ? [] : ['--root', root]), ...args]);
  } catch (cause) {
    // A unit that is not there need not be stopped.
    if (args[0] === 'stop' || args[0] === 'disable') return;
    throw new GuruError('internal', `systemctl ${args.join(' ')} failed.`, { cause });
  }
}

async function firstThere(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const isThere = await stat(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return undefined;
}

async function asRoot(task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    throw new GuruError('not-allowed', 'Run this as root, for example with sudo.', { cause: error });
  }
}

/** The unit beside the bundle, or among the sources. Rejects when neither is there. */
export async function readUnitTemplate(candidates: readonly string[]): Promise<string> {
  const file = await firstThere(candidates);
  if (file === undefined) throw new GuruError('internal', `The file ${UNIT} is missing.`);
  return readFile(file, 'utf8');
}
