import type { UpdatesDeps } from '../core/delivery-features.ts';
import type { Release, Rollout } from './rollout.ts';

export type NudgerDeps = Pick<UpdatesDeps, 'clock' | 'settings' | 'lines'> & { readonly rollout: Rollout };

/** Told at once; the next ones when these have come. */
const BATCH = 100;
/** Looked at in one round. */
const PAGE = 500;
/** One that did not come is told again after so long: its launcher may have been busy with a session. */
const AGAIN_MS = 20 * 60_000;
/** One that was told and has not asked yet has a place kept for so long. */
const COMING_MS = 30_000;

/** Tells machines that are online and due of a release, as many as may be at it at once; they ask for it then. */
export class Nudger {
  readonly #deps: NudgerDeps;
  readonly #toldAt = new Map<string, number>();
  /** Told, and not there yet. */
  readonly #coming = new Set<string>();
  /** Machine that the last round ended with: everybody's turn comes. */
  #after: string | undefined;
  #manifest: string | undefined;

  constructor(deps: NudgerDeps) {
    this.#deps = deps;
  }

  /** One round; returns how many were told. */
  async round(release: Release): Promise<number> {
    const { clock, settings, rollout } = this.#deps;
    const { updatesPaused, updatesAtOnce } = settings.current();
    const row = await rollout.advance(release);
    if (updatesPaused || row.stoppedAt !== null) return 0;
    const now = clock.now();
    // Who was told of the release before has not been told of this one.
    if (release.manifestSha256 !== this.#manifest) this.forget();
    this.#manifest = release.manifestSha256;
    this.#forgetOld(now);
    const free = updatesAtOnce - (await rollout.offers.inFlight(now)) - this.#coming.size;
    if (free <= 0) return 0;
    const target = rollout.targetOf(release);
    const found = await rollout.fleet.candidates(target, row.ring, this.#after, PAGE);
    let told = 0;
    let last: string | undefined;
    for (const machineId of found) {
      if (told >= Math.min(free, BATCH)) break;
      last = machineId;
      if (this.#toldAt.has(machineId)) continue;
      if (!this.#deps.lines().update(machineId, release)) continue;
      this.#toldAt.set(machineId, now);
      this.#coming.add(machineId);
      told += 1;
    }
    const isEnd = found.length < PAGE && last === found.at(-1);
    this.#after = isEnd ? undefined : last;
    return told;
  }

  /** The machine asks: it has a place now, or none. */
  came(machineId: string): void {
    this.#coming.delete(machineId);
  }

  /** What kept machines from it is gone: all may be told again. */
  forget(): void {
    this.#toldAt.clear();
    this.#coming.clear();
    this.#after = undefined;
  }

  #forgetOld(now: number): void {
    for (const [machineId, toldAt] of this.#toldAt) {
      if (toldAt <= now - COMING_MS) this.#coming.delete(machineId);
      if (toldAt <= now - AGAIN_MS) this.#toldAt.delete(machineId);
    }
  }
}
