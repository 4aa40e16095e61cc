import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** A virtual X server of a test's own, on a display number the server chose itself. */
export interface XServer {
  readonly display: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the server at once, as a crash would. Safe to call twice. */
  kill(): Promise<void>;
}

export async function startXServer(size: string): Promise<XServer> {
  const child = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', `${size}x24`, '-noreset', '-nolisten', 'tcp'],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  );
  const display = `:${await readDisplayNumber(child)}`;
  return {
    display,
    env: { ...process.env, DISPLAY: display },
    kill: () => killAndWait(child),
  };
}

async function readDisplayNumber(child: ChildProcess): Promise<string> {
  const pipe = child.stdio[3] as Readable;
  const [first] = await Promise.race([
    once(pipe, 'data'),
    once(child, 'error').then(([error]) => Promise.reject(error)),
    once(child, 'exit').then(() => Promise.reject(new Error('Xvfb ended before it was ready'))),
  ]);
  return String(first).trim();
}

/** Waits until the process is gone, so that the next test finds a quiet machine. */
export async function killAndWait(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
