import type { EndReason } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';

export interface Limits {
  readonly idleMs: number | null;
  /** Epoch ms of the server. */
  readonly endsAt: number | null;
}

const CHECK_MS = 1000;

/** Ends a session that is idle or old by itself, also when the server is gone. */
export class SessionLimits {
  #limits: Limits = { idleMs: null, endsAt: null };
  readonly #cancel: () => void;

  constructor(deps: {
    clock: Pick<Clock, 'every'>;
    serverTimeMs: () => number;
    idleMs: () => number;
    onReached: (reason: Extract<EndReason, 'idle-timeout' | 'maximum-duration'>) => void;
  }) {
    this.#cancel = deps.clock.every(CHECK_MS, () => {
      const { idleMs, endsAt } = this.#limits;
      if (endsAt !== null && deps.serverTimeMs() >= endsAt) deps.onReached('maximum-duration');
      else if (idleMs !== null && deps.idleMs() >= idleMs) deps.onReached('idle-timeout');
    });
  }

  set(limits: Limits): void {
    this.#limits = limits;
  }

  close(): void {
    this.#cancel();
  }
}
