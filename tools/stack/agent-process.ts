import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Desktop } from './desktop.ts';
import { ManagedProcess } from './managed-process.ts';

export interface AgentOptions {
  readonly root: string;
  /** The server's address. */
  readonly server: string;
  /** The six digits. */
  readonly code: string;
  readonly desktop: Desktop;
  /**
   * Where it keeps its tokens; an agent that is started again with the same one resumes its session. By default
   * a folder of its own, removed when it ends.
   */
  readonly stateDir?: string;
  /** Its own windows lie above what a test draws, so they are shown only where a test is about them. */
  readonly windows?: boolean;
  /** What it must have printed before it counts as started; by default that it has said hello to the server. */
  readonly until?: RegExp;
  /** Further arguments. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Runs it inside something else, for example a network namespace. */
  readonly wrap?: (program: string, args: readonly string[]) => { program: string; args: string[] };
  readonly logFile?: string;
}

/** Starts the bundled agent on a desktop and waits until the server has heard of it. */
export async function startAgentProcess(options: AgentOptions): Promise<ManagedProcess> {
  const main = join(options.root, 'dist', 'agent', 'main.mjs');
  const args = [main, '--server', options.server, '--code', options.code, ...(options.args ?? [])];
  if (!options.windows) args.push('--no-windows');
  const command = options.wrap?.(process.execPath, args) ?? { program: process.execPath, args };
  const stateDir = options.stateDir ?? mkdtempSync(join(tmpdir(), 'guruconnect-agent-'));
  const agent = new ManagedProcess({
    name: 'agent',
    ...command,
    cwd: options.root,
    env: { ...options.desktop.env, XDG_RUNTIME_DIR: stateDir, ...options.env },
    ...(options.logFile ? { logFile: options.logFile } : {}),
  });
  if (options.stateDir === undefined) {
    void agent.ended.then(() => rmSync(stateDir, { recursive: true, force: true }));
  }
  try {
    await agent.waitFor(options.until ?? /^Connected\./m, 30_000);
    return agent;
  } catch (error) {
    await agent.stop();
    throw error;
  }
}
