import type { AgentSessionView, Capability, EndReason } from '@guruconnect/shared';
import { describeError } from '../core/log.ts';
import { END_TEXT, SESSION_IS_OVER } from '../session/end-text.ts';
import type { PersonAtMachine } from '../session/person.ts';
import type { Terminal } from './terminal.ts';

type Participant = AgentSessionView['participants'][number];
type Answer = Capability | 'refuse';

export interface TerminalPersonDeps {
  readonly terminal: Terminal;
  /** Rejects when the server cannot be told. */
  readonly answer: (participantId: string, answer: Answer) => Promise<void>;
}

/** Says in the terminal who sees this computer, and asks for consent where nothing else can. */
export class TerminalPerson implements PersonAtMachine {
  readonly #deps: TerminalPersonDeps;
  #said = new Map<string, string>();
  #names = new Map<string, string>();
  #asking: { participantId: string; withdraw: AbortController } | undefined;
  #isUp: boolean | undefined;
  #over = false;

  constructor(deps: TerminalPersonDeps) {
    this.#deps = deps;
  }

  linkChanged(isUp: boolean): void {
    const { terminal } = this.#deps;
    if (this.#isUp === undefined) {
      terminal.print('Connected. Waiting for your technician. Press Ctrl-C at any time to stop.');
    } else if (isUp && !this.#isUp) terminal.print('The server is back.');
    else if (!isUp) terminal.print('The server cannot be reached; trying again. Press Ctrl-C to stop.');
    this.#isUp = isUp;
  }

  sessionChanged(view: AgentSessionView): void {
    if (this.#over) return;
    this.#sayParticipants(view.participants);
    const waiting = view.participants.find((one) => one.grant.status === 'asked');
    const shouldAsk = view.consentRequired && !view.guestPanelOpen && this.#deps.terminal.canAsk;
    if (this.#asking && (!shouldAsk || waiting?.id !== this.#asking.participantId)) {
      this.#asking.withdraw.abort();
      this.#asking = undefined;
    }
    if (shouldAsk && waiting && !this.#asking) void this.#ask(waiting);
  }

  securityWords(participantId: string, words: readonly string[]): void {
    const name = this.#names.get(participantId) ?? 'your technician';
    this.#deps.terminal.print(`Safety words with ${name}: ${words.join(' ')}`);
  }

  sessionEnded(reason: EndReason | null): void {
    this.#over = true;
    this.#asking?.withdraw.abort();
    this.#deps.terminal.print(reason === null ? SESSION_IS_OVER : END_TEXT[reason]);
  }

  #sayParticipants(participants: readonly Participant[]): void {
    for (const one of participants) {
      const line = statusOf(one);
      if (this.#said.get(one.id) !== line) this.#deps.terminal.print(`${one.name} ${line}`);
      this.#said.set(one.id, line);
      this.#names.set(one.id, one.name);
    }
    for (const id of [...this.#said.keys()]) {
      if (participants.some((one) => one.id === id)) continue;
      this.#deps.terminal.print(`${this.#names.get(id)} has left.`);
      this.#said.delete(id);
    }
  }

  async #ask(participant: Participant): Promise<void> {
    const withdraw = new AbortController();
    this.#asking = { participantId: participant.id, withdraw };
    const wantsControl = participant.grant.status === 'asked' && participant.grant.wants === 'control';
    const choices = wantsControl ? 'y = yes, v = view only, n = no' : 'y = yes, n = no';
    let answer: Answer | undefined;
    while (answer === undefined) {
      const typed = await this.#deps.terminal.ask(
        `Allow ${participant.name}? [${choices}] `,
        withdraw.signal,
      );
      if (typed === undefined) return;
      answer = answerOf(typed, wantsControl);
    }
    this.#asking = undefined;
    try {
      await this.#deps.answer(participant.id, answer);
    } catch (error) {
      this.#deps.terminal.print(`The answer could not be sent: ${describeError(error)}`);
    }
  }
}

function statusOf({ grant, hasControl }: Participant): string {
  switch (grant.status) {
    case 'asked':
      return grant.wants === 'control'
        ? 'asks to see and control this computer.'
        : 'asks to see this computer.';
    case 'allowed':
      return hasControl ? 'can see and control this computer.' : 'can see this computer.';
    case 'refused':
      return 'was refused.';
    case 'paused':
      return 'is paused and sees nothing.';
  }
}

function answerOf(typed: string, wantsControl: boolean): Answer | undefined {
  switch (typed.toLowerCase()) {
    case 'y':
    case 'yes':
      return wantsControl ? 'control' : 'view';
    case 'v':
      return 'view';
    case 'n':
    case 'no':
      return 'refuse';
    default:
      return undefined;
  }
}
