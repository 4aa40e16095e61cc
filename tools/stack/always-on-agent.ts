import { join } from 'node:path';
import type { Desktop } from './desktop.ts';
import { ManagedProcess } from './managed-process.ts';

/** Stand-ins for programs with which an agent would restart the computer that runs the tests. */
export const HARMLESS = join(import.meta.dirname, 'harmless');

export interface AlwaysOnOptions {
  readonly root: string;
  /** Where it keeps its identity. */
  readonly stateDir: string;
  /** Further arguments. */
  readonly args?: readonly string[];
  /** Runs it inside something else, for example a network namespace. */
  readonly wrap?: (program: string, args: readonly string[]) => { program: string; args: string[] };
}

export interface ServiceOptions extends AlwaysOnOptions {
  /** The desktop that it shows; without one it looks for the computer's own. */
  readonly desktop?: Desktop;
  /** Its own windows lie above what a test draws, so they are shown only where a test is about them. */
  readonly windows?: boolean;
  /** What its log must say before it counts as started; by default that it is online. */
  readonly until?: RegExp;
  readonly logFile?: string;
}

/** Runs one command of the agent to its end, for example `--enrol`; rejects with its output when it fails. */
export async function runAgentCommand(args: readonly string[], options: AlwaysOnOptions): Promise<string> {
  const { root, stateDir, args: more = [], wrap } = options;
  const all = [mainOf(root), ...args, '--state-dir', stateDir, ...more];
  const command = wrap?.(process.execPath, all) ?? { program: process.execPath, args: all };
  const agent = new ManagedProcess({ name: 'agent', ...command, env: environment({}) });
  const { code } = await agent.ended;
  if (code !== 0) throw new Error(`The agent ended with ${code}:\n${agent.output}`);
  return agent.output;
}

/** Starts the always-on agent of an enrolled machine and waits until it is online. */
export async function startServiceProcess(options: ServiceOptions): Promise<ManagedProcess> {
  const { root, stateDir, args = [], wrap, desktop, windows, logFile } = options;
  const all = [mainOf(root), '--service', '--state-dir', stateDir, '--log', 'debug', ...args];
  if (!windows) all.push('--no-windows');
  const command = wrap?.(process.execPath, all) ?? { program: process.execPath, args: all };
  const service = new ManagedProcess({
    name: 'service',
    ...command,
    cwd: root,
    env: environment(desktop?.env ?? {}),
    ...(logFile ? { logFile } : {}),
  });
  try {
    await service.waitFor(options.until ?? /"message":"online"/, 30_000);
    return service;
  } catch (error) {
    await service.stop();
    throw error;
  }
}

function mainOf(root: string): string {
  return join(root, 'dist', 'agent', 'main.mjs');
}

/** As a service has it: nothing of whoever runs the test. Its `systemctl` restarts nothing. */
function environment({ DISPLAY }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const path = `${HARMLESS}:${process.env.PATH}`;
  return { PATH: path, HOME: process.env.HOME, ...(DISPLAY ? { DISPLAY } : {}) };
}
