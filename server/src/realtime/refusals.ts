import { GuruError, type OnFault } from '@guruconnect/shared';
import type { AuditEvent, Log } from '../core/ports.ts';

/** A connection with so many malformed or forbidden messages is no program of ours. */
const MAX_REFUSALS = 20;

export interface RefusalsDeps {
  readonly namespace: string;
  /** `user:<id>`, `agent:<id>`, `guest`. */
  readonly actor: string;
  readonly address: string;
  readonly sessionId?: string | undefined;
  readonly log: Log;
  readonly record: (event: AuditEvent) => void;
  readonly disconnect: () => void;
}

/** Judges the faults of one connection: bad messages and forbidden ones are audited, then end it. */
export class Refusals {
  readonly #deps: RefusalsDeps;
  #count = 0;

  constructor(deps: RefusalsDeps) {
    this.#deps = deps;
  }

  readonly onFault: OnFault = (message, error) => {
    const { namespace, log } = this.#deps;
    if (!(error instanceof GuruError) || error.code === 'internal') {
      log.error({ err: error, namespace, message }, 'a message could not be handled');
    } else if (error.code === 'invalid-message') {
      this.#refuse('message.refused', message);
    } else if (error.code === 'not-allowed') {
      this.#refuse('access.refused', message);
    } else {
      log.debug({ namespace, message, code: error.code }, 'a message was refused');
    }
  };

  /** More messages than anybody of ours sends: the connection ends at once. */
  flooded(): void {
    this.#note('socket.flooded', '');
    this.#deps.disconnect();
  }

  #refuse(action: string, message: string): void {
    this.#count += 1;
    if (this.#count > MAX_REFUSALS) return;
    this.#note(action, message);
    if (this.#count < MAX_REFUSALS) return;
    this.#note('socket.dropped', message);
    this.#deps.disconnect();
  }

  #note(action: string, message: string): void {
    const { namespace, actor, address, sessionId } = this.#deps;
    this.#deps.record({
      actor,
      action,
      address,
      // Names come from outside: a short piece is enough to recognise one.
      details: { namespace, message: message.slice(0, 60) },
      ...(sessionId ? { sessionId } : {}),
    });
  }
}
