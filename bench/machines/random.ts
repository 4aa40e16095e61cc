/** Mulberry32: the same numbers from 0 to 1 for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws from a seeded source. */
export interface Draw {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  chance(share: number): boolean;
  pick<T>(values: readonly T[]): T;
  /** Picks with the given weights. */
  weighted<T>(values: readonly (readonly [value: T, weight: number])[]): T;
  hex(digits: number): string;
  /** Capital letters and digits, as serial numbers have. */
  code(length: number): string;
  uuid(): string;
}

export function createDraw(seed: number): Draw {
  const random = createRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const hex = (digits: number) => Array.from({ length: digits }, () => below(16).toString(16)).join('');
  const at = <T>(values: readonly T[], index: number): T => {
    const value = values[index];
    if (value === undefined) throw new Error('There is nothing to pick from.');
    return value;
  };
  return {
    below,
    hex,
    chance: (share) => random() < share,
    pick: (values) => at(values, below(values.length)),
    weighted: (values) => {
      let rest = random() * values.reduce((sum, [, weight]) => sum + weight, 0);
      const found = values.find(([, weight]) => {
        rest -= weight;
        return rest < 0;
      });
      return (found ?? at(values, values.length - 1))[0];
    },
    code: (length) => Array.from({ length }, () => 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'[below(34)]).join(''),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${at(['8', '9', 'a', 'b'], below(4))}${hex(3)}-${hex(12)}`,
  };
}
