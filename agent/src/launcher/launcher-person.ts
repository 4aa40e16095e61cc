import type { AgentSessionView, EndReason } from '@guruconnect/shared';
import { END_TEXT, SESSION_IS_OVER } from '../session/end-text.ts';
import type { PersonAtMachine } from '../session/person.ts';
import type { SessionStage, ToLauncher } from './launcher-messages.ts';

type Participant = AgentSessionView['participants'][number];

export interface LauncherPersonDeps {
  readonly tell: (message: ToLauncher) => void;
  readonly companyName: string;
}

/** Says in the launcher's window how the session stands. Consent is asked for in panels. */
export class LauncherPerson implements PersonAtMachine {
  readonly #deps: LauncherPersonDeps;
  readonly #words = new Map<string, string>();
  #participants: readonly Participant[] = [];
  #isUp: boolean | undefined;
  #said = '';
  #isOver = false;

  constructor(deps: LauncherPersonDeps) {
    this.#deps = deps;
  }

  linkChanged(isUp: boolean): void {
    this.#isUp = isUp;
    this.#say();
  }

  sessionChanged({ participants }: AgentSessionView): void {
    this.#participants = participants;
    this.#say();
  }

  securityWords(participantId: string, words: readonly string[]): void {
    this.#words.set(participantId, words.join(' '));
    this.#say();
  }

  sessionEnded(reason: EndReason | null): void {
    this.#tell('ended', reason === null ? SESSION_IS_OVER : END_TEXT[reason]);
    this.#isOver = true;
  }

  #say(): void {
    if (this.#isOver) return;
    if (this.#isUp === false) {
      this.#tell('reconnecting', 'The server cannot be reached; trying again.');
      return;
    }
    const asking = this.#participants.find((one) => one.grant.status === 'asked');
    const seeing = this.#participants.filter((one) => one.grant.status === 'allowed');
    if (asking) {
      const what =
        asking.grant.status === 'asked' && asking.grant.wants === 'control' ? 'see and control' : 'see';
      this.#tell('asking', `${asking.name} asks to ${what} this computer.`);
    } else if (seeing.length > 0) this.#tell('live', seeing.map((one) => this.#sentence(one)).join(' '));
    else if (this.#isUp) this.#tell('connected', 'Connected. Waiting for your technician.');
  }

  #sentence({ id, name, hasControl }: Participant): string {
    const words = this.#words.get(id);
    const seen = `${name} can see ${hasControl ? 'and control ' : ''}this computer.`;
    return words === undefined ? seen : `${seen} Safety words: ${words}.`;
  }

  #tell(state: SessionStage, text: string): void {
    const said = `${state} ${text}`;
    if (said === this.#said) return;
    this.#said = said;
    this.#deps.tell({ type: 'state', state, company: this.#deps.companyName, text });
  }
}
