import { GuruError, type PresenceMessage } from '@guruconnect/shared';
import type { Log } from '../core/log.ts';
import { newIdentityKey } from '../secure/identity-key.ts';
import type { Presence, SessionTicket } from './presence.ts';
import type { PresenceLine, PresenceListener } from './presence-line.ts';
import type { TicketStore } from './ticket-store.ts';

type StartSession = Extract<PresenceMessage, { type: 'start-session' }>;

export interface AlwaysOnPresenceDeps {
  readonly openLine: (listener: PresenceListener) => Pick<PresenceLine, 'isUp' | 'reconnect' | 'close'>;
  /** Keeps the running session's ticket: an agent that was killed goes on in its session. */
  readonly store: Pick<TicketStore, 'load' | 'save' | 'remove'>;
  /** What the server said last of its key and company. */
  readonly server: () => { readonly serverPublicKey: string; readonly companyName: string };
  readonly log: Log;
  readonly events: {
    onOnline(isOnline: boolean, problem: string | null): void;
    /** The server wants a check-in within so long. */
    onCheckIn(withinMs: number): void;
    /** The running session is to end. */
    onStop(sessionId: string): void;
    /** The running session goes on with another token. */
    onReplaced(ticket: SessionTicket): void;
  };
}

/** An agent that waits to be called: one session at a time, as often as the server wants. */
export class AlwaysOnPresence implements Presence {
  readonly #deps: AlwaysOnPresenceDeps;
  readonly #line: Pick<PresenceLine, 'isUp' | 'reconnect' | 'close'>;
  #running: SessionTicket | undefined;
  #wanted: SessionTicket | undefined;
  #isResumed = false;
  /** Resolves the `next` that waits. */
  #wake: (() => void) | undefined;

  constructor(deps: AlwaysOnPresenceDeps) {
    this.#deps = deps;
    const { events, log } = deps;
    this.#line = deps.openLine({
      onUp: () => events.onOnline(true, null),
      onDown: (problem) => events.onOnline(false, problem),
      onStartSession: (message) => this.#start(message),
      onStop: ({ sessionId }) => this.#stop(sessionId),
      onCheckIn: ({ withinMs }) => events.onCheckIn(withinMs),
      onUpdate: ({ version }) =>
        log.warn({ version }, 'the server offers another version; this agent cannot update itself yet'),
    });
  }

  get isOnline(): boolean {
    return this.#line.isUp;
  }

  /** Whether another session waits already. */
  get isCalled(): boolean {
    return this.#wanted !== undefined;
  }

  networkChanged(): void {
    this.#line.reconnect();
  }

  /** No session is taken any more. */
  close(): Promise<void> {
    return this.#line.close();
  }

  /** Waits until the server calls; undefined once `signal` is aborted. */
  async next(signal: AbortSignal): Promise<SessionTicket | undefined> {
    const kept = this.#isResumed ? undefined : await this.#deps.store.load();
    this.#isResumed = true;
    // What the server said since then is newer; viewers know the machine by the key of before.
    if (kept && !this.#wanted) this.#wanted = kept;
    else if (kept && kept.sessionId === this.#wanted?.sessionId) {
      this.#wanted = { ...this.#wanted, identityKey: kept.identityKey };
    }
    while (!this.#wanted && !signal.aborted) await this.#call(signal);
    if (signal.aborted) return undefined;
    const ticket = this.#wanted;
    this.#wanted = undefined;
    this.#running = ticket;
    if (ticket) await this.#deps.store.save(ticket);
    return ticket;
  }

  async ended(ticket: SessionTicket): Promise<void> {
    await this.#forget(ticket);
  }

  async refused(ticket: SessionTicket): Promise<void> {
    await this.#forget(ticket);
  }

  async #forget(ticket: SessionTicket): Promise<void> {
    if (this.#running?.sessionId === ticket.sessionId) this.#running = undefined;
    await this.#deps.store.remove();
  }

  #start({ sessionId, token }: StartSession): void {
    const known = [this.#running, this.#wanted].find((one) => one?.sessionId === sessionId);
    // Told again after a reconnect: it is on its way.
    if (known?.sessionToken === token) return;
    const ticket: SessionTicket = {
      ...this.#deps.server(),
      sessionId,
      sessionToken: token,
      // Viewers know the machine in this session by its key.
      identityKey: known?.identityKey ?? newIdentityKey(),
    };
    if (this.#running?.sessionId === sessionId) {
      this.#replace(ticket);
      return;
    }
    this.#deps.log.info({ sessionId }, 'a session is wanted');
    this.#wanted = ticket;
    // At most one session is open on a machine: the one that runs here is over for the server.
    if (this.#running) this.#deps.events.onStop(this.#running.sessionId);
    this.#wake?.();
  }

  #replace(ticket: SessionTicket): void {
    this.#deps.log.info({ sessionId: ticket.sessionId }, 'the session goes on with another token');
    this.#running = ticket;
    this.#deps.store.save(ticket).catch((error: unknown) => {
      this.#deps.log.warn({ error }, 'the ticket could not be kept');
    });
    this.#deps.events.onReplaced(ticket);
  }

  #stop(sessionId: string): void {
    if (this.#wanted?.sessionId === sessionId) this.#wanted = undefined;
    if (this.#running?.sessionId === sessionId) this.#deps.events.onStop(sessionId);
  }

  #call(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        this.#wake = undefined;
        resolve();
      };
      if (this.#wake) throw new GuruError('internal', 'Sessions are waited for already.');
      this.#wake = done;
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
