import type { ViewerControlMessage } from '@guruconnect/shared';
import type { Timing } from '../rtc/timing.ts';
import type { InputSender } from './input-sender.ts';

/** An agent that does not say how far the input came leaves it at that. */
const ANSWER_MS = 1_000;

/** Where a sender's messages go, and how its agent is asked. */
export interface InputLine {
  readonly sender: InputSender;
  readonly peerId: string | undefined;
  tell(message: ViewerControlMessage): boolean;
}

/**
 * Input that was on its way over a peer that died is sent again over the next one: nothing is lost, and nothing
 * happens twice, because the agent first says what it carried out and takes nothing more of the old peer's.
 */
export class InputHandover {
  readonly #timing: Timing;
  #line: InputLine | undefined;
  #waiting: { readonly from: InputLine; readonly to: InputLine; readonly cancel: () => void } | undefined;

  constructor(timing: Timing) {
    this.#timing = timing;
  }

  get sender(): InputSender | undefined {
    return this.#line?.sender;
  }

  /** Input goes there from now on. */
  goOn(line: InputLine): void {
    const old = this.#line;
    this.#finish([]);
    this.#line = line;
    if (!old?.peerId || old.peerId === line.peerId || !old.sender.log.hasRecent(this.#timing.now())) return;
    if (!line.tell({ type: 'resume', peerId: old.peerId })) return;
    line.sender.hold();
    const cancel = this.#timing.after(ANSWER_MS, () => this.#finish([]));
    this.#waiting = { from: old, to: line, cancel };
  }

  /** The agent's answer: the newest message of that peer which it carried out. */
  resumed(peerId: string, inputId: number): void {
    const from = this.#waiting?.from;
    if (from?.peerId === peerId) this.#finish(from.sender.log.after(inputId, this.#timing.now()));
  }

  #finish(lost: Parameters<InputSender['carryOn']>[0]): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.cancel();
    waiting?.to.sender.carryOn(lost);
  }
}
