import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FleetOrder, FleetReport, FleetState } from './fleet-messages.ts';
import type { SimulatedMachine } from './simulated-agent.ts';

type Kind = FleetReport['kind'];
type Report<K extends Kind> = Extract<FleetReport, { kind: K }>;

/** Thousands of simulated agents in a process of their own. */
export class Fleet {
  readonly #process: ChildProcess;
  readonly #reports: FleetReport[] = [];
  readonly #waiting = new Set<() => void>();

  private constructor(process: ChildProcess) {
    this.#process = process;
    process.on('message', (report: FleetReport) => {
      this.#reports.push(report);
      for (const look of [...this.#waiting]) look();
    });
  }

  static async create(agents: number): Promise<{ fleet: Fleet; machines: readonly SimulatedMachine[] }> {
    const fleet = new Fleet(fork(fileURLToPath(new URL('./fleet-process.ts', import.meta.url))));
    await fleet.#next('ready', 120_000);
    fleet.#order({ kind: 'make', agents });
    const { machines } = await fleet.#next('made', 120_000);
    return { fleet, machines };
  }

  connect(url: string): void {
    this.#order({ kind: 'connect', url });
  }

  /** When the last of them came online, ms since the epoch. Forgets earlier times. */
  async allOnline(timeoutMs: number): Promise<number> {
    return (await this.#next('all-online', timeoutMs)).at;
  }

  forgetAllOnline(): void {
    const others = this.#reports.filter((report) => report.kind !== 'all-online');
    this.#reports.splice(0, this.#reports.length, ...others);
  }

  /** When it was done, ms since the epoch. */
  async act(kind: 'freeze' | 'stop', agent: number): Promise<number> {
    this.#order({ kind, agent });
    return (await this.#next('done', 10_000)).at;
  }

  async state(): Promise<FleetState> {
    this.#order({ kind: 'state' });
    return (await this.#next('state', 30_000)).state;
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exited = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await exited;
  }

  #order(order: FleetOrder): void {
    this.#process.send(order);
  }

  #next<K extends Kind>(kind: K, timeoutMs: number): Promise<Report<K>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`The agents did not tell '${kind}' within ${timeoutMs} ms.`));
      }, timeoutMs);
      const look = () => {
        const at = this.#reports.findIndex((report) => report.kind === kind);
        if (at < 0) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(this.#reports.splice(at, 1)[0] as Report<K>);
      };
      this.#waiting.add(look);
      look();
    });
  }
}
