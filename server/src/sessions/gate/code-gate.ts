import { GuruError, type PowSolution } from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';
import { KeyedBuckets } from '../../core/keyed-buckets.ts';
import { sourceOf } from '../../core/source-of.ts';
import { MissWindow } from './miss-window.ts';
import type { Puzzles } from './puzzles.ts';

/** `free`: codes are looked up. `proof`: after a proof of work. `knock`: a technician lets people in. */
export type GateMode = 'free' | 'proof' | 'knock';

export interface CodeGateOptions {
  /** Misses within the window from which on each try must be paid for with a proof of work; Infinity: never. */
  readonly proofFrom: number;
  /** Misses within the window from which on no code is looked up before the answer. */
  readonly knockFrom: number;
  readonly windowMs: number;
  readonly missesPerSource: number;
  readonly sourceRefillMs: number;
  /** Difficulty where proofs begin, and just before knocking begins. */
  readonly bits: { readonly lowest: number; readonly highest: number };
}

export const CODE_GATE_DEFAULTS: CodeGateOptions = {
  proofFrom: 60,
  knockFrom: 150,
  windowMs: 60 * 60_000,
  missesPerSource: 10,
  sourceRefillMs: 60_000,
  // 2^14 to 2^16 hashes: a tenth to half a second in a browser on a plain computer, a second or two on a phone.
  bits: { lowest: 14, highest: 16 },
};

export type GateVerdict =
  /** Look the code up; call `hit` when it was right, else the try stays counted as a miss. */
  | { readonly kind: 'evaluate'; readonly hit: () => void }
  /** Answer "knocking" without looking. */
  | { readonly kind: 'knock' };

/**
 * Stands before everything that tells whether six digits are a code (P2).
 *
 * A guess is worth something only if it is evaluated: looked up before its answer. Each evaluated guess that
 * may be wrong is counted as a miss *before* it is looked up (parallel tries cannot overshoot) and taken back
 * when it was right. Within any rolling hour at most `knockFrom` = 150 misses are evaluated, whatever the
 * number of addresses and tries. With A = 50 active codes of 10^6 a guess hits with p = 50 / 10^6, so
 *
 *     expected hits an hour <= 150 * p / (1 - p) = 150 * 50 / 999,950 = 0.0075 < 0.01
 *
 * at any rate of attack. From there on the gate is in knock mode: right and wrong codes get the same answer in
 * the same time, and a right one only makes a knock at its technician's, who lets the person in or not.
 * The proof of work before that makes spending the budget slow and keeps knocks rare; the bound does not
 * rest on it. The budget per source keeps one careless or hostile address from spending everybody's.
 */
export class CodeGate {
  readonly #options: CodeGateOptions;
  readonly #clock: Clock;
  readonly #puzzles: Puzzles;
  readonly #misses: MissWindow;
  readonly #sources: KeyedBuckets;
  readonly #onMode: (mode: GateMode, previous: GateMode, misses: number) => void;
  #mode: GateMode = 'free';

  constructor(deps: {
    clock: Clock;
    puzzles: Puzzles;
    options?: Partial<CodeGateOptions>;
    /** Told when the mode changes: worth an alarm. */
    onMode: (mode: GateMode, previous: GateMode, misses: number) => void;
  }) {
    this.#options = { ...CODE_GATE_DEFAULTS, ...deps.options };
    this.#clock = deps.clock;
    this.#puzzles = deps.puzzles;
    this.#onMode = deps.onMode;
    this.#misses = new MissWindow(this.#options.windowMs);
    this.#sources = new KeyedBuckets({
      capacity: this.#options.missesPerSource,
      refillPerSecond: 1000 / this.#options.sourceRefillMs,
    });
  }

  /**
   * Lets a try pass, decides how it is answered and counts it.
   * Throws `too-many-requests` for a source that missed too often and `proof-of-work-required` with a puzzle.
   */
  async pass(address: string, proof: PowSolution | undefined): Promise<GateVerdict> {
    const source = this.#sources.of(sourceOf(address), this.#clock.now());
    const wait = source.secondsUntilNext(this.#clock.now());
    if (wait > 0) throw GuruError.tooManyRequests(wait);
    const isPaidFor = this.mode() === 'free' || this.#options.proofFrom === Number.POSITIVE_INFINITY;
    if (!isPaidFor) await this.#demandProof(proof);
    // No await from here on: what is read and what is counted belong together.
    const now = this.#clock.now();
    if (!source.take(now)) throw GuruError.tooManyRequests(source.secondsUntilNext(now));
    if (this.mode() === 'knock') return { kind: 'knock' };
    const takeBack = this.#misses.record(now);
    this.mode();
    return {
      kind: 'evaluate',
      hit: () => {
        takeBack();
        source.giveBack();
        this.mode();
      },
    };
  }

  /** The mode now; leaving a mode takes fewer misses than entering it, so that it does not flicker. */
  mode(): GateMode {
    const misses = this.#misses.count(this.#clock.now());
    const next = this.#modeFor(misses);
    if (next !== this.#mode) {
      const previous = this.#mode;
      this.#mode = next;
      this.#onMode(next, previous, misses);
    }
    return next;
  }

  #modeFor(misses: number): GateMode {
    const { proofFrom, knockFrom } = this.#options;
    if (misses >= knockFrom) return 'knock';
    if (this.#mode === 'knock' && misses >= knockFrom * 0.8) return 'knock';
    if (misses >= proofFrom) return 'proof';
    if (this.#mode !== 'free' && misses >= proofFrom * 0.67) return 'proof';
    return 'free';
  }

  async #demandProof(proof: PowSolution | undefined): Promise<void> {
    if (proof && (await this.#puzzles.spend(proof))) return;
    throw new GuruError('proof-of-work-required', 'Your browser must solve a puzzle first.', {
      details: await this.#puzzles.make(this.#bits()),
    });
  }

  #bits(): number {
    const { proofFrom, knockFrom, bits } = this.#options;
    const misses = this.#misses.count(this.#clock.now());
    const share = Math.min(1, Math.max(0, (misses - proofFrom) / (knockFrom - proofFrom)));
    return bits.lowest + Math.round(share * (bits.highest - bits.lowest));
  }
}
