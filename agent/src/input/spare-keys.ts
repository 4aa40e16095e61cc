/** How long a key keeps its character after its last use, for applications that are behind with their events. */
const REUSE_MS = 300;
/**
 * How long a key waits for its first press: Chromium, for one, reads a changed map some milliseconds after
 * it was told of it and takes keys until then by the old map.
 */
const SETTLE_MS = 50;
/** Keycode 8 is the kernel's code 0, which some toolkits take for "no key". */
const FIRST_USABLE = 9;

interface Spare {
  readonly keycode: number;
  /** 0 while it is lent to nothing. */
  keysym: number;
  usedAt: number;
  readyAt: number;
}

/** A key that must now be given the keysym, or how long until the least recently used one may be taken. */
export type SpareGrant = { readonly keycode: number } | { readonly waitMs: number } | undefined;

/** Keys without meaning in the remote keymap, lent to characters that it lacks, least recently used first. */
export class SpareKeys {
  #spares: Spare[] = [];

  /** @param unused keycodes without any keysym in a fresh keymap */
  constructor(unused: readonly number[]) {
    this.refresh(unused, () => true);
  }

  /** Follows a new keymap: lent keys stay while they have their keysym, unused ones join. */
  refresh(unused: readonly number[], hasKeysym: (keycode: number, keysym: number) => boolean): void {
    const lent = this.#spares.filter((spare) => spare.keysym !== 0 && hasKeysym(spare.keycode, spare.keysym));
    const known = new Set(lent.map(({ keycode }) => keycode));
    const fresh = unused.filter((keycode) => keycode >= FIRST_USABLE && !known.has(keycode));
    const never = Number.NEGATIVE_INFINITY;
    this.#spares = [
      ...lent,
      ...fresh.map((keycode) => ({ keycode, keysym: 0, usedAt: never, readyAt: never })),
    ];
  }

  /**
   * Lends a key to a keysym that none has; `undefined` when the keymap leaves none.
   *
   * @param busy keycodes that are down and so cannot change their meaning
   */
  take(keysym: number, now: number, busy: ReadonlySet<number>): SpareGrant {
    const free = this.#spares.filter((spare) => !busy.has(spare.keycode));
    const oldest = free.toSorted((a, b) => a.usedAt - b.usedAt)[0];
    if (oldest === undefined) return undefined;
    const waitMs = oldest.usedAt + REUSE_MS - now;
    if (waitMs > 0) return { waitMs };
    oldest.keysym = keysym;
    oldest.usedAt = now;
    oldest.readyAt = now + SETTLE_MS;
    return { keycode: oldest.keycode };
  }

  /** How long until a key may be pressed: 0 unless it was lent a moment ago. */
  readyInMs(keycode: number, now: number): number {
    const spare = this.#spares.find((candidate) => candidate.keycode === keycode);
    return spare === undefined ? 0 : Math.max(0, spare.readyAt - now);
  }

  /** Tells that a lent key is in use: about to be pressed, pressed, or released. */
  touch(keycode: number, now: number): void {
    const spare = this.#spares.find((candidate) => candidate.keycode === keycode);
    if (spare !== undefined && spare.keysym !== 0) spare.usedAt = now;
  }

  /** Keycodes lent now, with the keysym that each should have. */
  lent(): readonly { readonly keycode: number; readonly keysym: number }[] {
    return this.#spares.filter((spare) => spare.keysym !== 0);
  }

  /** How long until every lent key may lose its character. */
  settleMs(now: number): number {
    const lent = this.#spares.filter((spare) => spare.keysym !== 0);
    return lent.reduce((wait, spare) => Math.max(wait, spare.usedAt + REUSE_MS - now), 0);
  }
}
