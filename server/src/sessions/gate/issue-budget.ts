import { GuruError, type PowSolution } from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';
import { KeyedBuckets } from '../../core/keyed-buckets.ts';
import { sourceOf } from '../../core/source-of.ts';
import { MissWindow } from './miss-window.ts';
import type { Puzzles } from './puzzles.ts';

export interface IssueBudgetOptions {
  /** Codes within the hour from which on each costs a proof of work, and at which it ends. */
  readonly proofFrom: number;
  readonly refuseFrom: number;
  readonly bits: number;
  readonly perSource: { readonly capacity: number; readonly refillPerSecond: number };
}

/**
 * Every code in use makes guessing easier, so that codes for anybody are rationed: a few a source, and in all
 * fewer than could matter (the gate's arithmetic is for 50 in use).
 */
export const ISSUE_BUDGET_DEFAULTS: IssueBudgetOptions = {
  proofFrom: 20,
  refuseFrom: 60,
  bits: 16,
  perSource: { capacity: 3, refillPerSecond: 1 / 300 },
};

const HOUR_MS = 60 * 60_000;

/** The budget of codes that the portal hands to people who are not signed in (P6). */
export class IssueBudget {
  readonly #clock: Clock;
  readonly #puzzles: Puzzles;
  readonly #options: IssueBudgetOptions;
  readonly #issued = new MissWindow(HOUR_MS);
  readonly #sources: KeyedBuckets;

  constructor(deps: { clock: Clock; puzzles: Puzzles; options?: Partial<IssueBudgetOptions> }) {
    this.#clock = deps.clock;
    this.#puzzles = deps.puzzles;
    this.#options = { ...ISSUE_BUDGET_DEFAULTS, ...deps.options };
    this.#sources = new KeyedBuckets(this.#options.perSource);
  }

  /** Counts one code. Throws `too-many-requests`, or `proof-of-work-required` with a puzzle. */
  async take(address: string, proof: PowSolution | undefined): Promise<void> {
    const source = this.#sources.of(sourceOf(address), this.#clock.now());
    const wait = source.secondsUntilNext(this.#clock.now());
    if (wait > 0) throw GuruError.tooManyRequests(wait);
    if (this.#issued.count(this.#clock.now()) >= this.#options.proofFrom) {
      const isPaid = proof !== undefined && (await this.#puzzles.spend(proof));
      if (!isPaid) {
        throw new GuruError('proof-of-work-required', 'Your browser must solve a puzzle first.', {
          details: await this.#puzzles.make(this.#options.bits),
        });
      }
    }
    const now = this.#clock.now();
    if (this.#issued.count(now) >= this.#options.refuseFrom) throw GuruError.tooManyRequests(300);
    if (!source.take(now)) throw GuruError.tooManyRequests(source.secondsUntilNext(now));
    this.#issued.record(now);
  }
}
