import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { GuruError } from '@guruconnect/shared';
import { readCommandLine } from '../../src/config.ts';
import { enrol, reconfigure, showStatus } from '../../src/service/machine-commands.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** The agent from its sources, with a clean environment. */
function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ['--conditions=source', '--import', 'tsx', MAIN, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a command that ends, in this process, as the program would: much faster than to start one. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number; output: string }> {
  let output = '';
  const print = (line: string) => {
    output += `${line}\n`;
  };
  try {
    const command = readCommandLine(args, env);
    if (command.kind === 'enrol') await enrol(command.config, print);
    else if (command.kind === 'reconfigure') await reconfigure(command, command.stateDir, print);
    else if (command.kind === 'status') await showStatus(command.stateDir, print);
    else throw new Error(`${command.kind} wants a process of its own.`);
    return { code: 0, output };
  } catch (error) {
    if (!(error instanceof GuruError)) throw error;
    print(error.message);
    return { code: 1, output };
  }
}

/** Runs the agent to its end. */
export async function runAgent(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; output: string }> {
  const child = start(args, env);
  const said = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output: said() };
}

/** The always-on agent, running. */
export class ServiceProgram {
  readonly child: ChildProcess;
  readonly #said: () => string;
  readonly #ended: Promise<unknown>;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = start(['--service', ...args], env);
    this.#said = collect(this.child);
    this.#ended = once(this.child, 'close');
  }

  get log(): string {
    return this.#said();
  }

  /** Resolves when its log has a line that matches. */
  async logs(pattern: RegExp, timeoutMs = 20_000): Promise<void> {
    const until = Date.now() + timeoutMs;
    while (!pattern.test(this.log)) {
      const left = until - Date.now();
      if (left <= 0 || this.child.exitCode !== null) {
        throw new Error(`The service did not say ${pattern}:\n${this.log}`);
      }
      const waiting = new AbortController();
      const timer = setTimeout(() => waiting.abort(), Math.min(left, 1_000));
      await Promise.race([
        once(this.child.stderr ?? this.child, 'data', { signal: waiting.signal }).catch(() => {}),
        this.#ended,
      ]);
      clearTimeout(timer);
      waiting.abort();
    }
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    await this.#ended;
    return this.child.exitCode;
  }
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return () => text;
}
