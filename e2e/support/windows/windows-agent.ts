import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WinePrefix } from '../../../tools/windows/wine-prefix.ts';
import type { WineProcess } from '../../../tools/windows/wine-process.ts';
import { ROOT } from '../stage.ts';
import { until } from '../until.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
/** The agent for Windows as it goes into the pack. */
const AGENT = join(ROOT, 'dist', 'windows-agent');

export interface WindowsAgentOptions {
  readonly wine: WinePrefix;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface Line {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The agent under Wine without the native launcher: a script of the test's holds its pipe. */
export class WindowsAgent {
  readonly process: WineProcess;
  readonly #folder: string;

  constructor({ wine, args, env }: WindowsAgentOptions, name: string) {
    this.#folder = join(wine.driveC, name);
    const windows = (file: string) => wine.windows(file);
    this.process = wine.start(
      join(AGENT, 'node.exe'),
      [
        windows(join(HERE, 'launcher.mjs')),
        windows(join(AGENT, 'main.mjs')),
        windows(`${this.#folder}.lines`),
        windows(`${this.#folder}.commands`),
        ...args,
      ],
      { env: { GURUCONNECT_BIND: '127.0.0.1', GURUCONNECT_LOG: 'info', ...env } },
    );
  }

  /** What it has told the launcher so far. */
  get lines(): Line[] {
    const file = `${this.#folder}.lines`;
    if (!existsSync(file)) return [];
    const whole = readFileSync(file, 'utf8').split('\n').slice(0, -1);
    return whole.map((line) => JSON.parse(line) as Line);
  }

  /** Waits for a line with these fields. */
  async said(fields: Readonly<Record<string, unknown>>, timeoutMs = 30_000): Promise<Line> {
    const find = () =>
      this.lines.find((line) => Object.entries(fields).every(([name, value]) => line[name] === value));
    try {
      await until(`the agent says ${JSON.stringify(fields)}`, () => find() !== undefined, timeoutMs);
    } catch (error) {
      throw new Error(`It said ${JSON.stringify(this.lines)} and wrote\n${this.process.output}`, {
        cause: error,
      });
    }
    return find() ?? { type: '' };
  }

  tell(line: object): void {
    appendFileSync(`${this.#folder}.commands`, `${JSON.stringify(line)}\n`);
  }
}

/** Runs `node main.mjs` with arguments to its end, as the service program does for check-ins. */
export function runWindowsAgent(
  { wine, args, env }: WindowsAgentOptions,
  timeoutMs = 60_000,
): Promise<{ code: number | null; output: string }> {
  return wine.run(join(AGENT, 'node.exe'), [wine.windows(join(AGENT, 'main.mjs')), ...args], {
    env,
    timeoutMs,
  });
}
