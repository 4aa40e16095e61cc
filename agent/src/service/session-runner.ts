import type { MachineInfo } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Logon } from '../logon/find-desktop.ts';
import type { Presence, SessionTicket } from '../presence/presence.ts';
import type { HostSettings, OpenHost } from '../supervise/host-messages.ts';
import { SupervisedSession } from '../supervise/supervised-session.ts';
import { logPerson } from './log-person.ts';

export interface SessionRunnerDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly openHost: OpenHost;
  /** Who sits at the computer now, and at which desktop. */
  readonly findLogon: () => Promise<Logon>;
  readonly readMachine: (user: string) => Promise<MachineInfo>;
  readonly settings: Omit<HostSettings, 'display' | 'unattended'>;
  readonly askedDisplay: string | undefined;
  /** Before anything on the desktop is opened. */
  readonly setAuthFile: (file: string | undefined) => void;
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
    const { clock, log, openHost, findLogon, readMachine, settings, askedDisplay, setAuthFile } = this.#deps;
    const { user, desktop } = await findLogon();
    const isThere = desktop.kind === 'x11';
    if (!isThere) log.warn({ reason: desktop.reason }, 'the session has nothing to show');
    setAuthFile(isThere ? desktop.authFile : undefined);
    return new SupervisedSession(
      {
        clock,
        log,
        openHost,
        settings: {
          ...settings,
          display: isThere ? desktop.display : '',
          unattended: { askedDisplay, desktop },
        },
        machine: await readMachine(user),
        person: () => logPerson(log),
        onCrash: () => log.warn({}, 'the session goes on in a new process'),
      },
      ticket,
    );
  }
}
