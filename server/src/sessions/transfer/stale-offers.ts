import type { Clock } from '../../core/clock.ts';
import type { Background } from '../live/background.ts';
import type { SessionStore } from '../store/session-store.ts';
import type { TransferDesk } from './transfer-desk.ts';

const SWEEP_MS = 2_000;

/** Takes back offers that nobody can accept any more: their target was disabled, or lost the machine's company. */
export class StaleOffers {
  readonly #deps: { sessions: Pick<SessionStore, 'listOffered'>; transfers: TransferDesk };
  readonly #stop: () => void;

  constructor(deps: {
    clock: Clock;
    background: Background;
    sessions: Pick<SessionStore, 'listOffered'>;
    transfers: TransferDesk;
  }) {
    this.#deps = deps;
    this.#stop = deps.clock.every(SWEEP_MS, () =>
      deps.background.run('looking after offers', () => this.sweep()),
    );
  }

  async sweep(): Promise<void> {
    for (const row of await this.#deps.sessions.listOffered()) await this.#deps.transfers.dropIfStale(row);
  }

  close(): void {
    this.#stop();
  }
}
