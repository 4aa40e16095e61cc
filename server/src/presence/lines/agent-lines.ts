import { GuruError } from '@guruconnect/shared';
import type { MachineLines } from '../../core/machine-ports.ts';
import type { AgentLine } from './agent-line.ts';
import type { LineDirectory } from './line-directory.ts';
import type { LineServer } from './line-server.ts';
import type { SessionStarts } from './session-starts.ts';

export interface AgentLinesDeps {
  readonly directory: LineDirectory;
  readonly server: LineServer;
  readonly starts: SessionStarts;
  readonly onFault: (error: unknown) => void;
}

/** What other features ask of the lines that are connected to this server. */
export class AgentLines implements MachineLines {
  readonly #deps: AgentLinesDeps;
  readonly #listeners = new Set<(machineId: string) => void>();

  constructor(deps: AgentLinesDeps) {
    this.#deps = deps;
  }

  isOnline(machineId: string): boolean {
    return this.#lineOf(machineId) !== undefined;
  }

  startSession(machineId: string, session: { sessionId: string; token: string }): boolean {
    const line = this.#lineOf(machineId);
    return line !== undefined && this.#deps.starts.ask(line, session);
  }

  stopSession(machineId: string, sessionId: string): void {
    this.#deps.starts.forget(machineId, sessionId);
    this.#lineOf(machineId)?.tell({ type: 'stop', sessionId });
  }

  checkIn(machineId: string, withinMs = 0): boolean {
    return this.#lineOf(machineId)?.tell({ type: 'check-in', withinMs }) ?? false;
  }

  update(machineId: string, release: { version: string; manifestSha256: string }): boolean {
    return this.#lineOf(machineId)?.tell({ type: 'update', ...release }) ?? false;
  }

  addressOf(machineId: string): string | undefined {
    return this.#lineOf(machineId)?.address;
  }

  drop(machineId: string): void {
    const gone = new GuruError('not-allowed', 'This machine is not enrolled here.');
    for (const line of this.#deps.server.unprovedOf(machineId)) line.refuse(gone);
    this.#lineOf(machineId)?.refuse(gone);
  }

  onOnline(listener: (machineId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The line has just become its machine's. */
  arrived(line: AgentLine): void {
    this.#deps.starts.repeat(line);
    for (const listener of [...this.#listeners]) {
      try {
        listener(line.machineId);
      } catch (error) {
        this.#deps.onFault(error);
      }
    }
  }

  #lineOf(machineId: string): AgentLine | undefined {
    const line = this.#deps.directory.get(machineId);
    return line?.isOnline ? line : undefined;
  }
}
