import { availableParallelism } from 'node:os';
import { GuruError } from '@guruconnect/shared';
import type { NativeAddon, NativeCapture, NativeCaptureEvent, NativeDisplay } from '../../native/addon.d.ts';
import type { Clock } from '../core/clock.ts';
import { describeError } from '../core/log.ts';
import type { Injector } from '../input/injector.ts';
import type { DesktopCommand, DesktopEvent, InputAction } from './desktop-messages.ts';
import { encoderThreads } from './encoder-threads.ts';
import { InputClock } from './input-clock.ts';

export interface DesktopCoreDeps {
  readonly addon: Pick<NativeAddon, 'listDisplays' | 'openCapture'>;
  /** Rejects when the display cannot be opened or nothing can control it. */
  readonly openInjector: (display: string) => Promise<Injector>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly emit: (event: DesktopEvent) => void;
}

/** Owns the native captures and the injector of one desktop; the same in a child process and in tests. */
export class DesktopCore {
  readonly #deps: DesktopCoreDeps;
  readonly #captures = new Map<string, NativeCapture>();
  readonly #inputClock = new InputClock();
  #opened: { display: string; injector: Injector; displays: readonly NativeDisplay[] } | undefined;
  #opening = false;
  #closed = false;

  constructor(deps: DesktopCoreDeps) {
    this.#deps = deps;
  }

  handle(command: DesktopCommand): void {
    switch (command.type) {
      case 'open':
        void this.#open(command.display);
        break;
      case 'watch':
        this.#watch(command);
        break;
      case 'unwatch':
        this.#unwatch(command.displayId);
        break;
      case 'configure':
        this.#captures.get(command.displayId)?.configure(command.settings);
        break;
      case 'key-frame':
        this.#captures.get(command.displayId)?.requestKeyFrame();
        break;
      case 'tiles':
        this.#captures.get(command.displayId)?.requestTiles(command.request);
        break;
      case 'input':
        this.#inject(command);
        break;
      case 'forget-source':
        this.#inputClock.forget(command.source);
        break;
      case 'stop':
        this.#stop();
        this.#deps.emit({ type: 'stopped' });
        break;
    }
  }

  /** Ends captures, releases what is held and lets the display go. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#stop();
    this.#opened?.injector.close();
    this.#opened = undefined;
  }

  async #open(display: string): Promise<void> {
    if (this.#opening) return;
    this.#opening = true;
    try {
      const displays = this.#deps.addon.listDisplays(display);
      const injector = this.#opened?.injector ?? (await this.#deps.openInjector(display));
      if (this.#closed) injector.close();
      else {
        this.#opened = { display, injector, displays };
        this.#deps.emit({ type: 'opened', displays });
      }
    } catch (error) {
      this.#deps.emit({ type: 'open-failed', reason: describeError(error) });
    } finally {
      this.#opening = false;
    }
  }

  #watch({ displayId, settings }: Extract<DesktopCommand, { type: 'watch' }>): void {
    if (!this.#opened) return;
    this.#unwatch(displayId);
    try {
      const { display, displays } = this.#opened;
      const shown = displays.find((one) => one.id === displayId);
      const pixels = shown ? shown.width * shown.height * settings.scale ** 2 : 0;
      const threads = encoderThreads(availableParallelism(), pixels);
      const options = { display, displayId, ...settings, threads };
      const capture = this.#deps.addon.openCapture(options, (event) => this.#captured(displayId, event));
      this.#captures.set(displayId, capture);
    } catch (error) {
      this.#captureEnded(displayId, describeError(error));
    }
  }

  #unwatch(displayId: string): void {
    this.#captures.get(displayId)?.close();
    this.#captures.delete(displayId);
  }

  #captured(displayId: string, event: NativeCaptureEvent): void {
    switch (event.type) {
      case 'frame': {
        const inputs = this.#inputClock.newestBefore(event.capturedAtMs - event.grabMs);
        this.#deps.emit({ type: 'frame', displayId, frame: event, inputs });
        // While nothing was captured, nobody told of changes.
        if (event.frameId === 1) this.#tellDisplays();
        break;
      }
      case 'tiles':
        this.#deps.emit({ type: 'tiles', displayId, tiles: event });
        break;
      case 'cursor-shape':
      case 'cursor-position':
        this.#deps.emit(event);
        break;
      case 'encoder':
        this.#deps.emit({ ...event, displayId });
        break;
      case 'displays-changed':
        this.#tellDisplays();
        break;
      case 'closed':
        this.#unwatch(displayId);
        this.#captureEnded(displayId, event.reason);
        break;
    }
  }

  /** A monitor may be gone alone. Else the display server is, and with it everything that was open on it. */
  #captureEnded(displayId: string, reason: string): void {
    if (!this.#opened) return;
    const displays = this.#listDisplays(this.#opened.display);
    if (!displays || displays.some((one) => one.id === displayId)) {
      this.#letGo(reason);
    } else {
      this.#deps.emit({ type: 'displays', displays });
      this.#deps.emit({ type: 'capture-failed', displayId, reason });
    }
  }

  /** A new display server on the same number knows nothing of our connections: the next `open` makes new ones. */
  #letGo(reason: string): void {
    const opened = this.#opened;
    if (!opened) return;
    this.#opened = undefined;
    for (const displayId of [...this.#captures.keys()]) this.#unwatch(displayId);
    try {
      opened.injector.close();
    } catch {
      // Its server is gone; there is nothing left to release.
    }
    this.#deps.emit({ type: 'open-failed', reason });
  }

  #tellDisplays(): void {
    if (!this.#opened) return;
    const displays = this.#listDisplays(this.#opened.display);
    if (displays) this.#deps.emit({ type: 'displays', displays });
    else this.#letGo('The screens cannot be listed at the moment.');
  }

  #listDisplays(display: string): readonly NativeDisplay[] | undefined {
    try {
      return this.#deps.addon.listDisplays(display);
    } catch {
      // The one thing that can go wrong is that the display server is not there.
      return undefined;
    }
  }

  #inject({ source, inputId, actions }: Extract<DesktopCommand, { type: 'input' }>): void {
    const injector = this.#opened?.injector;
    if (!injector) return;
    try {
      for (const action of actions) perform(injector, action);
    } catch (error) {
      this.#deps.emit({ type: 'input-failed', reason: describeError(error) });
      if (error instanceof GuruError && error.code === 'unavailable') this.#letGo(error.message);
      return;
    }
    this.#inputClock.injected(source, inputId, this.#deps.clock.monotonicMs());
  }

  #stop(): void {
    for (const displayId of [...this.#captures.keys()]) this.#unwatch(displayId);
    try {
      this.#opened?.injector.releaseAll();
    } catch (error) {
      this.#deps.emit({ type: 'input-failed', reason: describeError(error) });
    }
  }
}

function perform(injector: Injector, action: InputAction): void {
  switch (action.type) {
    case 'move':
      injector.move(action.x, action.y);
      break;
    case 'button':
      injector.button(action.button, action.down);
      break;
    case 'wheel':
      injector.wheel(action.dx, action.dy);
      break;
    case 'key': {
      const { type: _, ...key } = action;
      injector.key(key);
      break;
    }
    case 'text':
      injector.text(action.text);
      break;
    case 'held':
      injector.held(action.usages);
      break;
    case 'release-all':
      injector.releaseAll();
      break;
  }
}
