import { type Capability, type EndReason, GuruError, type MachineInfo } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { SessionTicket } from '../presence/presence.ts';
import type { PersonAtMachine } from '../session/person.ts';
import type { SessionOutcome } from '../session/run-session.ts';
import type { Host, HostEvent, HostSettings, OpenHost } from './host-messages.ts';
import { tellPerson } from './remote-person.ts';
import { RestartPolicy } from './restart-policy.ts';

export interface SupervisedSessionDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly openHost: OpenHost;
  readonly settings: HostSettings;
  readonly machine: MachineInfo;
  readonly person: (session: SupervisedSession) => PersonAtMachine;
  /** The session host crashed and is started again. */
  readonly onCrash: () => void;
  /** A technician wants Ctrl-Alt-Del, which Windows takes from a service alone. */
  readonly onSecureAttention?: () => void;
}

/** `failed`: its process crashed again and again; the ticket is still good. */
export type SupervisedOutcome = SessionOutcome | 'failed';

/** A host that was told to stop and has not ended after this is ended by force. */
const STOP_MS = 800;

/**
 * Runs one session in a process of its own and starts that anew when it crashes, with the same ticket: consent, the
 * person's question and their window stay, viewers come back by themselves.
 */
export class SupervisedSession {
  readonly outcome: Promise<SupervisedOutcome>;
  readonly #deps: SupervisedSessionDeps;
  #ticket: SessionTicket;
  readonly #person: PersonAtMachine;
  readonly #policy = new RestartPolicy();
  readonly #answers = new Map<number, (problem: string | null) => void>();
  #settle: (outcome: SupervisedOutcome) => void = () => {};
  #host: Host | undefined;
  #cancelRestart: (() => void) | undefined;
  #calls = 0;
  #over: SessionOutcome | undefined;
  #stopping = false;
  #isReplaced = false;

  constructor(deps: SupervisedSessionDeps, ticket: SessionTicket) {
    this.#deps = deps;
    this.#ticket = ticket;
    this.outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#person = deps.person(this);
    this.#start();
  }

  /** The person at the machine answered a technician's wish. Rejects when the server cannot be told. */
  async answerConsent(participantId: string, answer: Capability | 'refuse'): Promise<void> {
    const host = this.#host;
    if (!host) throw new GuruError('unavailable', 'The session is being started again. Try again.');
    const call = this.#calls;
    this.#calls += 1;
    const problem = await new Promise<string | null>((resolve) => {
      this.#answers.set(call, resolve);
      host.send({ type: 'answer', call, participantId, answer });
    });
    if (problem !== null) throw new GuruError('unavailable', problem);
  }

  /** The session goes on with another token: in a new process, as after a crash. */
  replaceTicket(ticket: SessionTicket): void {
    if (this.#stopping || this.#over) return;
    this.#ticket = ticket;
    if (!this.#host) return;
    this.#isReplaced = true;
    this.#host.kill();
  }

  /** Ends the session from this side. Resolves when its process is gone, within a second. */
  async stop(reason: EndReason): Promise<void> {
    this.#stopping = true;
    this.#cancelRestart?.();
    const host = this.#host;
    if (!host) this.#settle('ended');
    else {
      host.send({ type: 'stop', reason });
      this.#deps.clock.after(STOP_MS, () => host.kill());
    }
    await this.outcome;
  }

  #start(): void {
    const { clock, openHost, settings, machine } = this.#deps;
    const startedMs = clock.monotonicMs();
    const host = openHost({
      onEvent: (event) => this.#take(event),
      onGone: (reason) => this.#gone(reason, clock.monotonicMs() - startedMs),
    });
    this.#host = host;
    host.send({ type: 'start', settings, machine, ticket: this.#ticket });
  }

  #take(event: HostEvent): void {
    switch (event.type) {
      case 'person':
        tellPerson(this.#person, event.told);
        break;
      case 'answered':
        this.#answers.get(event.call)?.(event.problem);
        this.#answers.delete(event.call);
        break;
      case 'secure-attention':
        this.#deps.onSecureAttention?.();
        break;
      case 'over':
        this.#over = event.outcome;
        break;
    }
  }

  #gone(reason: string, livedMs: number): void {
    this.#host = undefined;
    for (const tell of this.#answers.values()) tell('The session process ended meanwhile.');
    this.#answers.clear();
    if (this.#over || this.#stopping) {
      this.#settle(this.#over ?? 'ended');
      return;
    }
    if (this.#isReplaced) {
      this.#isReplaced = false;
      this.#start();
      return;
    }
    this.#deps.log.error({ reason, livedMs: Math.round(livedMs) }, 'the session host crashed');
    const delayMs = this.#policy.crashed(livedMs);
    if (delayMs === undefined) {
      this.#settle('failed');
      return;
    }
    this.#deps.onCrash();
    this.#cancelRestart = this.#deps.clock.after(delayMs, () => this.#start());
  }
}
