/** The lowest of the values of the last `windowMs`. */
export class WindowedMinimum {
  readonly #windowMs: number;
  /** Rising in both: a later lower value makes the earlier ones moot. */
  #values: { readonly atMs: number; readonly value: number }[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  get lowest(): number | undefined {
    return this.#values[0]?.value;
  }

  add(value: number, nowMs: number): void {
    this.#values = this.#values.filter((one) => one.value < value && one.atMs > nowMs - this.#windowMs);
    this.#values.push({ atMs: nowMs, value });
  }
}
