import type { AgentSessionView, Capability, EndReason } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import { describeError, type Log } from '../core/log.ts';
import type { PersonAtMachine } from './person.ts';

type Answer = Capability | 'refuse';

/** What happens to a question when nobody answers it. */
export interface Countdown {
  readonly participantId: string;
  readonly secondsLeft: number;
  readonly otherwise: 'allow' | 'refuse';
}

export interface ConsentDefaultDeps {
  readonly clock: Pick<Clock, 'after' | 'monotonicMs'>;
  /** Whether anybody is logged on who could answer. */
  readonly isSomebodyThere: () => Promise<boolean>;
  /** Answers as nobody did. Rejects when the server cannot be told. */
  readonly answer: (participantId: string, answer: Answer) => Promise<void>;
  /** Told every second while a question waits; undefined when none does. */
  readonly onCountdown: (countdown: Countdown | undefined) => void;
  readonly log: Log;
}

const SECOND_MS = 1_000;
const RETRY_MS = 2_000;

interface Question {
  readonly participantId: string;
  readonly wants: Capability;
  readonly otherwise: 'allow' | 'refuse';
  readonly endsMs: number;
  cancel: () => void;
}

/**
 * Answers for a person who does not, as the company's policy has it: after its time, and at once when nobody is logged
 * on. Without a time-out a question waits for as long as it takes.
 */
export class ConsentDefault implements PersonAtMachine {
  readonly #deps: ConsentDefaultDeps;
  #question: Question | undefined;

  constructor(deps: ConsentDefaultDeps) {
    this.#deps = deps;
  }

  sessionChanged(view: AgentSessionView): void {
    const { consentRequired, guestPanelOpen, consentTimeout, participants } = view;
    const asks = consentRequired && !guestPanelOpen && consentTimeout !== null;
    const asking = asks ? participants.find((one) => one.grant.status === 'asked') : undefined;
    if (this.#question && this.#question.participantId !== asking?.id) this.#withdraw();
    if (!asking || !consentTimeout || asking.grant.status !== 'asked' || this.#question) return;
    this.#ask({
      participantId: asking.id,
      wants: asking.grant.wants,
      otherwise: consentTimeout.otherwise,
      endsMs: this.#deps.clock.monotonicMs() + consentTimeout.seconds * SECOND_MS,
      cancel: () => {},
    });
  }

  linkChanged(): void {}

  securityWords(): void {}

  sessionEnded(_reason: EndReason | null): void {
    this.#withdraw();
  }

  #ask(question: Question): void {
    this.#question = question;
    this.#tick(question);
    this.#deps.isSomebodyThere().then(
      (isThere) => {
        if (isThere || question !== this.#question) return;
        this.#deps.log.info({}, 'nobody is logged on who could be asked');
        this.#answer(question);
      },
      // The clock runs all the same.
      (error: unknown) => this.#deps.log.warn({ error }, 'it is not known whether somebody is logged on'),
    );
  }

  #tick(question: Question): void {
    if (question !== this.#question) return;
    const leftMs = question.endsMs - this.#deps.clock.monotonicMs();
    if (leftMs <= 0) {
      this.#answer(question);
      return;
    }
    const { participantId, otherwise } = question;
    const secondsLeft = Math.ceil(leftMs / SECOND_MS);
    this.#deps.onCountdown({ participantId, secondsLeft, otherwise });
    question.cancel = this.#deps.clock.after(Math.min(leftMs, leftMs - (secondsLeft - 1) * SECOND_MS), () =>
      this.#tick(question),
    );
  }

  #answer(question: Question): void {
    const { participantId, wants, otherwise } = question;
    question.cancel();
    this.#deps.answer(participantId, otherwise === 'allow' ? wants : 'refuse').catch((error: unknown) => {
      this.#deps.log.warn({ reason: describeError(error) }, 'the answer by default could not be sent');
      // The server may be back in a moment; a question that is gone by then is not answered.
      question.cancel = this.#deps.clock.after(RETRY_MS, () => {
        if (question === this.#question) this.#answer(question);
      });
    });
  }

  #withdraw(): void {
    this.#question?.cancel();
    if (this.#question) this.#deps.onCountdown(undefined);
    this.#question = undefined;
  }
}
