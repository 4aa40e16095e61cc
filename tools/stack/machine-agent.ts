import { join } from 'node:path';
import type { Desktop } from './desktop.ts';
import { ManagedProcess } from './managed-process.ts';

export interface MachineAgentOptions {
  readonly root: string;
  /** The server's address. */
  readonly server: string;
  /** Where it keeps its identity; the same one again is the same machine. */
  readonly stateDir: string;
  readonly desktop: Desktop;
  /** Further arguments of the service. */
  readonly args?: readonly string[];
  /** Runs it inside something else, for example a network namespace. */
  readonly wrap?: (program: string, args: readonly string[]) => { program: string; args: string[] };
  readonly logFile?: string;
}

type EnrolOptions = Pick<MachineAgentOptions, 'root' | 'server' | 'stateDir' | 'wrap'>;

/** Enrols a machine with an installer's token, as its set-up does. Resolves to what was said; rejects when it fails. */
export async function enrolMachine(options: EnrolOptions, token: string): Promise<string> {
  const enrol = new ManagedProcess({
    name: 'enrolment',
    ...command(options, ['--enrol', '--server', options.server, '--state-dir', options.stateDir]),
    cwd: options.root,
    env: { ...cleanEnvironment(), GURUCONNECT_TOKEN: token },
  });
  const { code } = await enrol.ended;
  if (code !== 0) throw new Error(`The machine was not enrolled:\n${enrol.output}`);
  return enrol.output;
}

/** Starts the always-on agent of an enrolled machine as its service would be, and waits until it is online. */
export async function startMachineService(options: MachineAgentOptions): Promise<ManagedProcess> {
  const { desktop, stateDir, args = [] } = options;
  const service = new ManagedProcess({
    name: 'service',
    ...command(options, ['--service', '--state-dir', stateDir, '--display', desktop.display, ...args]),
    cwd: options.root,
    env: cleanEnvironment(),
    ...(options.logFile ? { logFile: options.logFile } : {}),
  });
  try {
    await service.waitFor(/"message":"online"/, 30_000);
    return service;
  } catch (error) {
    await service.stop();
    throw error;
  }
}

function command({ root, wrap }: EnrolOptions, more: readonly string[]): { program: string; args: string[] } {
  const args = [join(root, 'dist', 'agent', 'main.mjs'), ...more];
  return wrap?.(process.execPath, args) ?? { program: process.execPath, args };
}

/** A service has no desktop of its own, and next to no environment. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR };
}
