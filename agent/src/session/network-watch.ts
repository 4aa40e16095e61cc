import type { Clock } from '../core/clock.ts';

const EVERY_MS = 500;

/** Notices that this machine's network addresses changed: no system tells that in a way common to all. */
export class NetworkWatch {
  readonly #stop: () => void;

  constructor(deps: {
    clock: Pick<Clock, 'every'>;
    /** The addresses under which others may reach this machine. */
    addresses: () => readonly string[];
    everyMs?: number;
    /** `isLost`: an address that was there is gone, and with it what went over it. */
    onChanged: (isLost: boolean) => void;
  }) {
    let known = new Set(deps.addresses());
    this.#stop = deps.clock.every(deps.everyMs ?? EVERY_MS, () => {
      const now = new Set(deps.addresses());
      const isLost = [...known].some((address) => !now.has(address));
      const isChanged = isLost || now.size !== known.size;
      known = now;
      if (isChanged) deps.onChanged(isLost);
    });
  }

  close(): void {
    this.#stop();
  }
}
