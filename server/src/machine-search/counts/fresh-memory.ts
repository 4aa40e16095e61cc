import type { Clock } from '../../core/clock.ts';

interface Entry<T> {
  /** When the making of the answer began: it may not know what came later. */
  readonly at: number;
  readonly answer: Promise<T>;
  askedAt: number;
  renewal: Entry<T> | undefined;
  cancel: () => void;
}

interface Options {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** An answer is made anew at this age, while people ask for it. */
  readonly renewMs: number;
  /** No answer is given at this age. */
  readonly lifeMs: number;
  /** An answer that nobody asked for that long is left to age. */
  readonly wantedMs: number;
  /** At most so many answers, the oldest of which go first. */
  readonly limit: number;
}

/**
 * Remembers answers for a short time and renews them before they are too old, so that those who ask again and again
 * never wait. Those who ask at once share one answer.
 */
export class FreshMemory<T> {
  readonly #options: Options;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(options: Options) {
    this.#options = options;
  }

  get(key: string, make: () => Promise<T>): Promise<T> {
    const now = this.#options.clock.now();
    const known = this.#entries.get(key);
    const fresh = [known, known?.renewal].find((entry) => entry && this.#isFresh(entry, now));
    if (!fresh) return this.#keep(key, this.#begin(make, now), make).answer;
    if (known) known.askedAt = now;
    return fresh.answer;
  }

  close(): void {
    for (const key of [...this.#entries.keys()]) this.#forget(key);
  }

  #isFresh({ at }: Entry<T>, now: number): boolean {
    return now >= at && now - at < this.#options.lifeMs;
  }

  #begin(make: () => Promise<T>, askedAt: number): Entry<T> {
    return { at: this.#options.clock.now(), answer: make(), askedAt, renewal: undefined, cancel: () => {} };
  }

  #keep(key: string, entry: Entry<T>, make: () => Promise<T>): Entry<T> {
    const { clock, renewMs, limit } = this.#options;
    this.#forget(key);
    this.#entries.set(key, entry);
    const age = clock.now() - entry.at;
    entry.cancel = clock.after(Math.max(0, renewMs - age), () => this.#renew(key, entry, make));
    // What failed is not remembered.
    entry.answer.catch(() => {
      if (this.#entries.get(key) === entry) this.#forget(key);
    });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= limit) break;
      this.#forget(oldest);
    }
    return entry;
  }

  #renew(key: string, entry: Entry<T>, make: () => Promise<T>): void {
    const { clock, wantedMs } = this.#options;
    if (clock.now() - entry.askedAt > wantedMs) {
      this.#forget(key);
      return;
    }
    const renewal = this.#begin(make, entry.askedAt);
    entry.renewal = renewal;
    // The older answer serves until this one is here; a failure is for those who ask when that is too old.
    renewal.answer.then(
      () => {
        if (this.#entries.get(key) !== entry) return;
        renewal.askedAt = entry.askedAt;
        this.#keep(key, renewal, make);
      },
      () => {
        if (this.#entries.get(key) === entry) this.#forget(key);
      },
    );
  }

  #forget(key: string): void {
    this.#entries.get(key)?.cancel();
    this.#entries.delete(key);
  }
}
