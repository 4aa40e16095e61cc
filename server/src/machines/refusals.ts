import type { Clock } from '../core/clock.ts';
import { KeyedBuckets } from '../core/keyed-buckets.ts';
import type { AuditLog, Log } from '../core/ports.ts';
import { sourceOf } from '../core/source-of.ts';
import { TokenBucket } from '../core/token-bucket.ts';

/** Something of a machine, or of what claims to be one, that was refused. */
export interface Refusal {
  readonly action: 'enrolment.refused' | 'machine-request.refused';
  readonly address: string;
  /** Machine that proved itself. */
  readonly machineId?: string | undefined;
  /** `reason`: in a few words, one of few. */
  readonly details: Readonly<Record<string, unknown>> & { readonly reason: string };
}

/** So many rows at once for one machine, or one source and reason, and one more every so often: a flood must not fill the audit log. */
const ROWS = 10;
const ROWS_PER_SECOND = 1 / 60;
/** And for all sources together. */
const ALL = { capacity: 1_000, refillPerSecond: 1 / 5 };

/** Writes refusals into the audit log; the request does not wait for that, and does not fail with it. */
export class Refusals {
  readonly #deps: { clock: Clock; audit: AuditLog; log: Log };
  readonly #rows = new KeyedBuckets({ capacity: ROWS, refillPerSecond: ROWS_PER_SECOND });
  readonly #all: TokenBucket;
  /** How many were left out since the last row, of all sources. */
  #leftOut = 0;

  constructor(deps: { clock: Clock; audit: AuditLog; log: Log }) {
    this.#deps = deps;
    this.#all = new TokenBucket(ALL, deps.clock.now());
  }

  note(refusal: Refusal): void {
    const { clock, audit, log } = this.#deps;
    // One bad machine of an office must not hide the others behind the same address.
    const who = refusal.machineId ?? `${sourceOf(refusal.address)} ${refusal.details.reason}`;
    const key = `${refusal.action} ${who}`;
    const now = clock.now();
    if (!this.#rows.of(key, now).take(now) || !this.#all.take(now)) {
      this.#leftOut += 1;
      return;
    }
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    const { action, address, machineId, details } = refusal;
    audit
      .append({
        actor: machineId === undefined ? 'machine' : `machine:${machineId}`,
        action,
        address,
        details: { ...details, ...(leftOut > 0 ? { leftOutBefore: leftOut } : {}) },
      })
      .catch((error: unknown) => log.error({ err: error, action }, 'a refusal was not written down'));
  }
}
