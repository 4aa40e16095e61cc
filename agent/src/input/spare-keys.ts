/** How long a key keeps its character after its last use: applications read the new map a little later. */
const REUSE_MS = 300;
/** Keycode 8 is the kernel's code 0, which some toolkits take for "no key". */
const FIRST_USABLE = 9;

interface Spare {
  readonly keycode: number;
  /** 0 while it is lent to nothing. */
  keysym: number;
  usedAt: number;
}

/** A spare key for a keysym, or how long until the least recently used one may be taken. */
export type SpareGrant =
  | { readonly keycode: number; readonly remap: boolean }
  | { readonly waitMs: number }
  | undefined;

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
    this.#spares = [...lent, ...fresh.map((keycode) => ({ keycode, keysym: 0, usedAt: never }))];
  }

  /**
   * Lends a key to `keysym`; `undefined` when the keymap leaves none.
   *
   * @param busy keycodes that are down and so cannot change their meaning
   */
  take(keysym: number, now: number, busy: ReadonlySet<number>): SpareGrant {
    const known = this.#spares.find((spare) => spare.keysym === keysym);
    if (known !== undefined) {
      known.usedAt = now;
      return { keycode: known.keycode, remap: false };
    }
    const free = this.#spares.filter((spare) => !busy.has(spare.keycode));
    const oldest = free.toSorted((a, b) => a.usedAt - b.usedAt)[0];
    if (oldest === undefined) return undefined;
    const waitMs = oldest.usedAt + REUSE_MS - now;
    if (waitMs > 0) return { waitMs };
    oldest.keysym = keysym;
    oldest.usedAt = now;
    return { keycode: oldest.keycode, remap: true };
  }

  /** Tells that a lent key was pressed again, or released. */
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
