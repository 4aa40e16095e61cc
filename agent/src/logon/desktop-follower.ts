import type { Clock } from '../core/clock.ts';
import type { FoundDesktop, Logon } from './find-desktop.ts';

/** The desktop that is on the screen now. */
export interface FollowedDesktop {
  readonly current: FoundDesktop;
  /** Called when another desktop, or none, has taken its place. */
  onMoved(listener: () => void): () => void;
}

export interface DesktopFollowerDeps {
  readonly first: FoundDesktop;
  readonly find: () => Promise<Logon>;
  readonly clock: Pick<Clock, 'every' | 'after'>;
  /** Before anybody is told: what is started from then on belongs to that desktop. */
  readonly prepare: (desktop: FoundDesktop) => void;
}

/** Each look reads the names of all programs: 10 ms on a desktop, during sessions alone. */
const EVERY_MS = 3_000;

/** Looks again and again which desktop is on the screen: no system tells that in a way common to all. */
export class DesktopFollower implements FollowedDesktop {
  readonly #deps: DesktopFollowerDeps;
  readonly #listeners = new Set<() => void>();
  #current: FoundDesktop;
  #isLooking = false;
  readonly #stop: () => void;

  constructor(deps: DesktopFollowerDeps) {
    this.#deps = deps;
    this.#current = deps.first;
    this.#stop = deps.clock.every(EVERY_MS, () => void this.#look());
    // What was found when the session began may be old for a process that was started again.
    deps.clock.after(0, () => void this.#look());
  }

  get current(): FoundDesktop {
    return this.#current;
  }

  onMoved(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#stop();
    this.#listeners.clear();
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const { desktop } = await this.#deps.find();
      if (isSame(desktop, this.#current)) return;
      this.#current = desktop;
      this.#deps.prepare(desktop);
      for (const listener of [...this.#listeners]) listener();
    } finally {
      this.#isLooking = false;
    }
  }
}

/** Of one without a desktop the reason is no news. */
function isSame(one: FoundDesktop, other: FoundDesktop): boolean {
  if (one.kind === 'none' || other.kind === 'none') return one.kind === other.kind;
  return one.display === other.display && one.authFile === other.authFile;
}
