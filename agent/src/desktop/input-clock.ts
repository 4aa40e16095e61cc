const REMEMBERED = 256;

/** Knows which input had been injected at any recent moment, per source. */
export class InputClock {
  readonly #sources = new Map<string, { atMs: number; inputId: number }[]>();

  /** Input ids of a source rise, so only the highest so far is kept for each moment. */
  injected(source: string, inputId: number, atMs: number): void {
    const known = this.#sources.get(source) ?? [];
    this.#sources.set(source, known);
    const last = known.at(-1);
    if (last && last.inputId >= inputId) return;
    known.push({ atMs, inputId });
    if (known.length > REMEMBERED) known.shift();
  }

  /** The highest input id of each source that was injected before `atMs`. */
  newestBefore(atMs: number): [source: string, inputId: number][] {
    const newest: [string, number][] = [];
    for (const [source, known] of this.#sources) {
      const entry = known.findLast((one) => one.atMs < atMs);
      if (entry) newest.push([source, entry.inputId]);
    }
    return newest;
  }

  forget(source: string): void {
    this.#sources.delete(source);
  }
}
