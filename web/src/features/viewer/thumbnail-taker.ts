import type { ApiClient } from '../../lib/api-client.ts';
import type { Timing } from '../../lib/rtc/timing.ts';
import { thumbnailMachineOf } from './thumbnail-need.ts';
import type { ViewerSession } from './viewer-session.ts';

/** So long after the first picture: the desktop is there, and nothing is in its way any more. */
export const FIRST_MS = 5_000;
export const EVERY_MS = 5 * 60_000;
/** Where no picture was to be had, as in a tab that is not looked at. */
export const AGAIN_MS = 30_000;

export interface ThumbnailTakerDeps {
  readonly session: Pick<ViewerSession, 'subscribe' | 'getSnapshot'>;
  readonly api: Pick<ApiClient, 'call'>;
  readonly timing: Pick<Timing, 'now' | 'after'>;
  /** The picture that is shown now, small, once the page has time for it; undefined where there is none. */
  takePicture(): Promise<Uint8Array<ArrayBuffer> | undefined>;
}

/**
 * Gives the server a small picture of the machine's screen now and then, while this viewer controls it and as long as
 * it changes (A6). Nobody waits for it, and nobody is told when it fails: there is a next time.
 */
export class ThumbnailTaker {
  readonly #deps: ThumbnailTakerDeps;
  readonly #unsubscribe: () => void;
  #callOff: (() => void) | undefined;
  #isTaking = false;
  #isClosed = false;
  /** Not before. */
  #dueAt = 0;
  #given: Uint8Array | undefined;

  constructor(deps: ThumbnailTakerDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.session.subscribe(() => this.#follow());
    this.#follow();
  }

  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#callOff?.();
  }

  get #machineId(): string | undefined {
    return this.#isClosed ? undefined : thumbnailMachineOf(this.#deps.session.getSnapshot());
  }

  #follow(): void {
    if (this.#machineId === undefined) {
      this.#callOff?.();
      this.#callOff = undefined;
      return;
    }
    if (this.#callOff || this.#isTaking) return;
    const { timing } = this.#deps;
    // Whatever it was that is over, what comes after it is looked at for a while as well.
    this.#callOff = timing.after(Math.max(FIRST_MS, this.#dueAt - timing.now()), () => {
      this.#callOff = undefined;
      void this.#take();
    });
  }

  async #take(): Promise<void> {
    this.#isTaking = true;
    const waitMs = await this.#give().catch(() => EVERY_MS);
    this.#isTaking = false;
    this.#dueAt = this.#deps.timing.now() + waitMs;
    this.#follow();
  }

  /** Returns in how many milliseconds to try again. */
  async #give(): Promise<number> {
    const picture = await this.#deps.takePicture();
    // The session may have been paused, or control gone, while the page was busy.
    const machineId = this.#machineId;
    if (!picture || machineId === undefined) return AGAIN_MS;
    if (this.#given && isSame(picture, this.#given)) return EVERY_MS;
    await this.#deps.api.call('putThumbnail', { params: { machineId }, body: picture });
    this.#given = picture;
    return EVERY_MS;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
