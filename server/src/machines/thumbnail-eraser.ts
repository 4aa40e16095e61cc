import type { MachinesDeps } from '../core/machine-features.ts';
import type { ThumbnailStore } from './thumbnail-store.ts';

type Deps = Pick<MachinesDeps, 'settings' | 'audit' | 'feed' | 'log'> & {
  readonly thumbnails: ThumbnailStore;
};

/**
 * Erases all pictures once the deployment keeps none any more: when the setting is turned off, before whoever did so
 * is answered, and at the start, in case the server went down meanwhile.
 */
export class ThumbnailEraser {
  readonly #deps: Deps;
  readonly #stop: () => void;
  #running: Promise<void> = Promise.resolve();

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#stop = deps.settings.onChanged(() => this.sweep());
    void this.sweep();
  }

  /** One after the other. Never rejects: what is left is erased at the next start, and shown to nobody until then. */
  sweep(): Promise<void> {
    this.#running = this.#running
      .then(() => this.#eraseAll())
      .catch((error: unknown) =>
        this.#deps.log.error({ err: error }, 'pictures of machines were not erased'),
      );
    return this.#running;
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#running;
  }

  async #eraseAll(): Promise<void> {
    const { thumbnails, settings, audit, feed } = this.#deps;
    let machines = 0;
    while (!settings.current().machineThumbnails) {
      const erased = await thumbnails.erasePart();
      if (erased.length === 0) break;
      machines += erased.length;
      feed.changed(erased);
    }
    if (machines === 0) return;
    await audit.append({ actor: 'server', action: 'machine.thumbnails-erased', details: { machines } });
  }
}
