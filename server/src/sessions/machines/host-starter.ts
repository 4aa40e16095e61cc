import { AGENT_LOST_MS } from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';
import type { MachineLines } from '../../core/machine-ports.ts';
import { newId } from '../../core/secrets.ts';
import type { SessionRow } from '../../db/schema/sessions.ts';
import type { Background } from '../live/background.ts';
import type { SessionPresence } from '../live/session-presence.ts';
import type { SessionChanges } from '../session-changes.ts';
import type { Recorder } from '../session-recorder.ts';
import type { MachineSessionStore } from '../store/machine-session-store.ts';
import type { TokenStore } from '../store/token-store.ts';
import type { MachineTimings } from './machine-timings.ts';

/** A host that was told to end has ended by itself before this. */
const LEAVE_MS = 4_000;

export interface HostStarterDeps {
  readonly clock: Clock;
  readonly lines: MachineLines;
  readonly tokens: TokenStore;
  readonly machineSessions: MachineSessionStore;
  readonly presence: SessionPresence;
  readonly changes: Pick<SessionChanges, 'onCommitted'>;
  readonly background: Background;
  readonly record: Recorder;
  readonly timings: MachineTimings;
}

/** Has machines start the session hosts of their sessions, again after they were away. */
export class HostStarter {
  readonly #deps: HostStarterDeps;
  readonly #bornAt: number;
  /** When each session's host was called last. */
  readonly #calledAt = new Map<string, number>();
  readonly #stop: () => void;

  constructor(deps: HostStarterDeps) {
    this.#deps = deps;
    this.#bornAt = deps.clock.now();
    deps.changes.onCommitted((row) => this.#onCommitted(row));
    this.#stop = deps.lines.onOnline((machineId) => this.#onOnline(machineId));
  }

  /**
   * Calls the machine with a fresh token; older ones are void from then on. The host is always the same agent to the
   * session, so that a newer one takes the place of an older one. False when the machine is not connected.
   */
  async start(row: SessionRow): Promise<boolean> {
    const { clock, tokens, lines } = this.#deps;
    if (row.machineId === null || !lines.isOnline(row.machineId)) return false;
    const agentId = await tokens.newestAgentOf(row.id);
    await tokens.revokeAgents(row.id, clock.now());
    return this.#call(row, agentId ?? newId());
  }

  /** The same for a session that was made just now. */
  startFirst(row: SessionRow): Promise<boolean> {
    return this.#call(row, newId());
  }

  async #call({ id: sessionId, machineId }: SessionRow, agentId: string): Promise<boolean> {
    const { clock, tokens, lines } = this.#deps;
    if (machineId === null) return false;
    const token = await tokens.issue({ kind: 'agent', sessionId, agentId }, clock.now());
    this.#calledAt.set(sessionId, clock.now());
    return lines.startSession(machineId, { sessionId, token });
  }

  /** Calls again for a session whose host is not there, unless that was done just now. */
  async startIfAbsent(row: SessionRow): Promise<void> {
    const calledAt = this.#calledAt.get(row.id) ?? 0;
    if (!this.#isAbsent(row) || this.#deps.clock.now() - calledAt < this.#deps.timings.recallMs) return;
    await this.#startAgain(row);
  }

  /** Whether the host of a session that nobody has seen yet ought to have come by now. */
  isOverdue(row: SessionRow): boolean {
    if (row.phase !== 'waiting') return false;
    const since = Math.max(row.createdAt, this.#bornAt, this.#calledAt.get(row.id) ?? 0);
    return this.#deps.clock.now() - since >= this.#deps.timings.attachMs;
  }

  forget(sessionId: string): void {
    this.#calledAt.delete(sessionId);
  }

  close(): void {
    this.#stop();
  }

  /** The machine's service sees to it that no host of an ended session goes on. */
  async #onCommitted({ id, machineId, phase }: SessionRow): Promise<void> {
    if (machineId === null || phase !== 'ended') return;
    this.forget(id);
    const { presence, lines, clock } = this.#deps;
    const stop = () => lines.stopSession(machineId, id);
    if (presence.agentOf(id) === undefined) stop();
    else clock.after(LEAVE_MS, stop);
  }

  #onOnline(machineId: string): void {
    const { machineSessions, background, clock, timings } = this.#deps;
    background.run('calling a session host again', async () => {
      const row = await machineSessions.findActive(machineId);
      if (!row) return;
      if (row.phase === 'waiting') return this.startIfAbsent(row);
      // After a short break of the network its host comes back by itself, and the picture never stopped. The second
      // look is for hosts whose silence was not noticed yet at the first.
      for (const delayMs of [timings.returnMs, timings.returnMs + 2 * AGENT_LOST_MS]) {
        clock.after(delayMs, () =>
          background.run('calling a session host again', async () => {
            const now = await machineSessions.findActive(machineId);
            if (now?.id === row.id) await this.startIfAbsent(now);
          }),
        );
      }
    });
  }

  async #startAgain(row: SessionRow): Promise<void> {
    if (!(await this.start(row))) return;
    const details = { machineId: row.machineId };
    await this.#deps.record({ actor: 'server', action: 'agent.called-again', sessionId: row.id, details });
  }

  #isAbsent({ id, phase, state }: SessionRow): boolean {
    if (phase === 'ended' || this.#deps.presence.agentOf(id) !== undefined) return false;
    return state.endpoint.kind === 'none' || state.endpoint.kind === 'lost';
  }
}
