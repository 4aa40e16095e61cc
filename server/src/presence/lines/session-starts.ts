import type { Clock } from '../../core/clock.ts';
import type { AgentLine } from './agent-line.ts';

interface Start {
  readonly sessionId: string;
  readonly token: string;
  readonly until: number;
}

/** How long a session waits for its agent. */
export const START_WAIT_MS = 60_000;

/**
 * Session hosts that agents were asked to start. An agent whose line breaks just then may never have heard of it, so
 * it is asked again when it comes back in time.
 */
export class SessionStarts {
  readonly #clock: Clock;
  readonly #starts = new Map<string, Start[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ask(line: AgentLine, session: { sessionId: string; token: string }): boolean {
    const { sessionId, token } = session;
    if (!line.tell({ type: 'start-session', sessionId, token })) return false;
    const others = this.#current(line.machineId).filter((start) => start.sessionId !== sessionId);
    const until = this.#clock.now() + START_WAIT_MS;
    this.#starts.set(line.machineId, [...others, { sessionId, token, until }]);
    this.#clock.after(START_WAIT_MS, () => this.#keep(line.machineId, this.#current(line.machineId)));
    return true;
  }

  /** Nobody waits for that session any more. */
  forget(machineId: string, sessionId: string): void {
    this.#keep(
      machineId,
      this.#current(machineId).filter((start) => start.sessionId !== sessionId),
    );
  }

  /** Asks a line that has just come for what is still waited for. */
  repeat(line: AgentLine): void {
    for (const { sessionId, token } of this.#current(line.machineId)) {
      line.tell({ type: 'start-session', sessionId, token });
    }
  }

  #current(machineId: string): Start[] {
    const now = this.#clock.now();
    return (this.#starts.get(machineId) ?? []).filter((start) => start.until > now);
  }

  #keep(machineId: string, starts: Start[]): void {
    if (starts.length > 0) this.#starts.set(machineId, starts);
    else this.#starts.delete(machineId);
  }
}
