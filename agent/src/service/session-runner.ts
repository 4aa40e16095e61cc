import type { MachineInfo } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Presence, SessionTicket } from '../presence/presence.ts';
import type { PersonAtMachine } from '../session/person.ts';
import type { HostSettings, OpenHost } from '../supervise/host-messages.ts';
import { SupervisedSession } from '../supervise/supervised-session.ts';

export interface SessionRunnerDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly openHost: OpenHost;
  /** Looks who sits at the computer now, and at which desktop, before anything of a session is started. */
  readonly prepare: () => Promise<{ readonly settings: HostSettings; readonly machine: MachineInfo }>;
  readonly newPerson: () => PersonAtMachine;
  /** A technician wants Ctrl-Alt-Del, which this process alone can bring about. */
  readonly onSecureAttention?: () => void;
}

/** Runs the sessions that the server wants, one after the other. Between them nothing of a session is left. */
export class SessionRunner {
  readonly #deps: SessionRunnerDeps;
  #current: { readonly ticket: SessionTicket; readonly session: SupervisedSession } | undefined;
  /** The session that is about to begin, and whether it is to end already. */
  #starting: { readonly sessionId: string; isStopped: boolean } | undefined;

  constructor(deps: SessionRunnerDeps) {
    this.#deps = deps;
  }

  /** Resolves once `signal` is aborted and the session that ran then is over. */
  async run(presence: Presence, signal: AbortSignal): Promise<void> {
    for (;;) {
      const ticket = await presence.next(signal);
      if (!ticket) return;
      const starting = { sessionId: ticket.sessionId, isStopped: false };
      this.#starting = starting;
      const session = await this.#start(ticket);
      this.#starting = undefined;
      this.#current = { ticket, session };
      if (signal.aborted || starting.isStopped) void session.stop('agent-stopped');
      const outcome = await session.outcome;
      this.#current = undefined;
      if (outcome === 'failed') {
        this.#deps.log.error({ sessionId: ticket.sessionId }, 'the session kept failing and was given up');
      }
      await (outcome === 'refused' ? presence.refused(ticket) : presence.ended(ticket));
    }
  }

  /** The server does not want it any more. */
  stop(sessionId: string): void {
    if (this.#starting?.sessionId === sessionId) this.#starting.isStopped = true;
    if (this.#current?.ticket.sessionId === sessionId) void this.#current.session.stop('technician-ended');
  }

  replace(ticket: SessionTicket): void {
    if (this.#current?.ticket.sessionId === ticket.sessionId) this.#current.session.replaceTicket(ticket);
  }

  /** The agent stops, and with it the session. */
  async close(): Promise<void> {
    await this.#current?.session.stop('agent-stopped');
  }

  async #start(ticket: SessionTicket): Promise<SupervisedSession> {
    const { clock, log, openHost, prepare, newPerson, onSecureAttention } = this.#deps;
    const { settings, machine } = await prepare();
    return new SupervisedSession(
      {
        clock,
        log,
        openHost,
        settings,
        machine,
        person: newPerson,
        onCrash: () => log.warn({}, 'the session goes on in a new process'),
        ...(onSecureAttention ? { onSecureAttention } : {}),
      },
      ticket,
    );
  }
}
