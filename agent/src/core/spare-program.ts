import { ChildProgram, type ChildProgramOptions } from './child-program.ts';

/** Starts copies of one program, one of them ahead of need when asked: it is there without the time of a start. */
export class SpareProgram<In extends object, Out> {
  readonly #options: ChildProgramOptions;
  #spare: ChildProgram<In, Out> | undefined;

  constructor(options: ChildProgramOptions) {
    this.#options = options;
  }

  /** Has one ready from now on, until it is taken. */
  prepare(): void {
    if (!this.#spare || this.#spare.isGone) this.#spare = new ChildProgram(this.#options);
  }

  /** The one that stands ready, else one that is just being started. */
  take(): ChildProgram<In, Out> {
    const spare = this.#spare;
    this.#spare = undefined;
    return spare && !spare.isGone ? spare : new ChildProgram(this.#options);
  }

  /** Ends the one that stands ready; `prepare` makes another. */
  discard(): void {
    this.#spare?.kill();
    this.#spare = undefined;
  }
}
