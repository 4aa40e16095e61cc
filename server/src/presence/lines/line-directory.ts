import type { AgentLine } from './agent-line.ts';

/**
 * Which line is the machine's. In memory: one server knows all lines. With several, the entry of a machine names the
 * node that holds its line, and what is told to a machine goes there.
 */
export interface LineDirectory {
  get(machineId: string): AgentLine | undefined;
  put(machineId: string, line: AgentLine): void;
  /** Takes the entry away if it is that line's still; false when another has taken its place. */
  remove(machineId: string, line: AgentLine): boolean;
  machineIds(): string[];
  readonly size: number;
}

export class MemoryLineDirectory implements LineDirectory {
  readonly #lines = new Map<string, AgentLine>();

  get size(): number {
    return this.#lines.size;
  }

  get(machineId: string): AgentLine | undefined {
    return this.#lines.get(machineId);
  }

  put(machineId: string, line: AgentLine): void {
    this.#lines.set(machineId, line);
  }

  remove(machineId: string, line: AgentLine): boolean {
    if (this.#lines.get(machineId) !== line) return false;
    return this.#lines.delete(machineId);
  }

  machineIds(): string[] {
    return [...this.#lines.keys()];
  }
}
