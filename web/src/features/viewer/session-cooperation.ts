import type { Capability, SessionView } from '@guruconnect/shared';
import { transferNews } from './transfer-news.ts';
import type { TransferChoice, ViewerSignaling } from './viewer-signaling.ts';
import type { ViewerState } from './viewer-state.ts';

export interface SessionCooperationDeps {
  readonly signaling: Pick<
    ViewerSignaling,
    | 'takeControl'
    | 'releaseControl'
    | 'endSession'
    | 'pause'
    | 'resume'
    | 'offerTransfer'
    | 'answerTransfer'
    | 'transferChoices'
  >;
  /** Nothing may stay pressed on the machine while nobody holds it. */
  readonly releaseInput: () => void;
  /** Awaits a request and tells the person when it was refused. */
  readonly attempt: (request: Promise<unknown>, otherwise: string) => void;
  readonly set: (change: Pick<ViewerState, 'mode'>) => void;
  readonly notify: (text: string) => void;
}

/** What technicians settle among themselves in a session: who controls it, pauses it, takes it over, ends it (S4). */
export class SessionCooperation {
  readonly #deps: SessionCooperationDeps;
  #withdrew = false;

  constructor(deps: SessionCooperationDeps) {
    this.#deps = deps;
  }

  /** The view-only switch: gives control up, or takes it (from whoever has it). */
  setMode(mode: Capability): void {
    const { signaling, attempt } = this.#deps;
    if (mode === 'view') this.#deps.releaseInput();
    this.#deps.set({ mode });
    if (mode === 'control') attempt(signaling.takeControl(), 'Control could not be taken.');
    else attempt(signaling.releaseControl(), 'Control is yours until the server can be reached again.');
  }

  /** Nothing is shown and nothing let through until {@link resume}; the session stays open. */
  pause(): void {
    this.#deps.releaseInput();
    this.#deps.attempt(this.#deps.signaling.pause(), 'The session could not be paused.');
  }

  /** Ends the session for everybody. */
  end(): void {
    this.#deps.releaseInput();
    this.#deps.attempt(this.#deps.signaling.endSession(), 'The session could not be ended.');
  }

  resume(): void {
    this.#deps.attempt(this.#deps.signaling.resume(), 'The session could not be resumed.');
  }

  /** Technicians who could take the session over. Rejects with GuruError. */
  choices(): Promise<readonly TransferChoice[]> {
    return this.#deps.signaling.transferChoices();
  }

  /** Offers the session; it goes on as it is until the answer. Rejects with GuruError. */
  offer(to: string, note: string): Promise<unknown> {
    return this.#deps.signaling.offerTransfer(to, note);
  }

  answer(answer: 'accept' | 'decline' | 'withdraw'): void {
    this.#withdrew = answer === 'withdraw';
    this.#deps.attempt(this.#deps.signaling.answerTransfer(answer), 'The answer could not be given.');
  }

  /** Tells the person what became of an offer when the session went from `before` to `after`. */
  follow(before: SessionView | undefined, after: SessionView, myUserId: string | undefined): void {
    const news = transferNews(before, after, myUserId, this.#withdrew);
    if (news) this.#deps.notify(news);
  }
}
