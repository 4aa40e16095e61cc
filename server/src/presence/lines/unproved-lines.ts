import type { AdmissionOptions } from './admission.ts';
import type { AgentLine } from './agent-line.ts';

/** Lines that have not proved which machine they are: there is room for so many, and for fewer of one address. */
export class UnprovedLines {
  readonly #limits: Pick<AdmissionOptions, 'unproved' | 'unprovedOfAddress'>;
  readonly #lines = new Set<AgentLine>();
  readonly #ofAddress = new Map<string, number>();

  constructor(limits: Pick<AdmissionOptions, 'unproved' | 'unprovedOfAddress'>) {
    this.#limits = limits;
  }

  hasRoom(address: string): boolean {
    const { unproved, unprovedOfAddress } = this.#limits;
    return this.#lines.size < unproved && (this.#ofAddress.get(address) ?? 0) < unprovedOfAddress;
  }

  add(line: AgentLine): void {
    this.#lines.add(line);
    this.#ofAddress.set(line.address, (this.#ofAddress.get(line.address) ?? 0) + 1);
  }

  delete(line: AgentLine): void {
    if (!this.#lines.delete(line)) return;
    const left = (this.#ofAddress.get(line.address) ?? 1) - 1;
    if (left > 0) this.#ofAddress.set(line.address, left);
    else this.#ofAddress.delete(line.address);
  }

  /** Those that said that they are this machine. */
  of(machineId: string): AgentLine[] {
    return [...this.#lines].filter((line) => line.machineId === machineId);
  }
}
