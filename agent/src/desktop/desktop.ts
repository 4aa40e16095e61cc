import type {
  CaptureSettings,
  EncoderChoice,
  NativeDisplay,
  NativeFrame,
  NativeTileRequest,
  NativeTiles,
} from '../../native/addon.d.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { restartDelayMs } from '../link/back-off.ts';
import type { DesktopEvent, DesktopHelper, InputAction, OpenDesktopHelper } from './desktop-messages.ts';
import { HeldKeys } from './held-keys.ts';

export type CursorEvent = Extract<DesktopEvent, { type: 'cursor-shape' | 'cursor-position' }>;

/** What a desktop tells the session. */
export interface DesktopListener {
  onDisplays(displays: readonly NativeDisplay[]): void;
  onFrame(displayId: string, frame: NativeFrame, inputs: readonly (readonly [string, number])[]): void;
  onTiles(displayId: string, tiles: NativeTiles): void;
  onCursor(event: CursorEvent): void;
  /** Told on every change; `reason` is a sentence for a person when it is not running. */
  onState(state: 'running' | 'unavailable', reason: string | null): void;
  onInputFailed(reason: string): void;
}

export interface DesktopDeps {
  readonly openHelper: OpenDesktopHelper;
  readonly display: string;
  /** By default the helper's own choice. */
  readonly encoder?: EncoderChoice | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** A helper that does not answer `stop` in this time is killed: capture must stop whatever happens. */
const STOP_ANSWER_MS = 250;
const STABLE_MS = 10_000;
const MAX_OPEN_DELAY_MS = 500;

/**
 * The session's view of the desktop. Keeps a helper running, restarts it with back-off when it dies, and puts the
 * wanted captures back, so that the session notices a pause at most.
 */
export class Desktop {
  readonly #deps: DesktopDeps;
  readonly #wanted = new Map<string, CaptureSettings>();
  readonly #held = new HeldKeys();
  #listener: DesktopListener | undefined;
  #helper: DesktopHelper | undefined;
  #isOpen = false;
  /** In a row. */
  readonly #failures = { helper: 0, open: 0, capture: 0 };
  #startedAtMs = 0;
  /** Why there is no desktop now. */
  #missing: string | undefined;
  #stopped: { done: () => void; promise: Promise<void> } | undefined;
  #retries = new Set<() => void>();

  constructor(deps: DesktopDeps) {
    this.#deps = deps;
  }

  /** Starts the helper; nothing is captured before `watch`. */
  start(listener: DesktopListener): void {
    this.#listener = listener;
    this.#startHelper();
  }

  /** Captures this monitor until `unwatch`, across helper restarts. */
  watch(displayId: string, asked: CaptureSettings): void {
    if (this.#stopped || this.#wanted.has(displayId)) return;
    const { encoder } = this.#deps;
    const settings = encoder === undefined ? asked : { ...asked, encoder };
    this.#wanted.set(displayId, settings);
    this.#deps.log.info({ displayId }, 'a capture begins');
    if (this.#isOpen) this.#send({ type: 'watch', displayId, settings });
  }

  unwatch(displayId: string): void {
    if (this.#wanted.delete(displayId)) this.#send({ type: 'unwatch', displayId });
  }

  configure(displayId: string, settings: Partial<CaptureSettings>): void {
    const known = this.#wanted.get(displayId);
    if (!known) return;
    this.#wanted.set(displayId, { ...known, ...settings });
    this.#send({ type: 'configure', displayId, settings });
  }

  requestKeyFrame(displayId: string): void {
    if (this.#wanted.has(displayId)) this.#send({ type: 'key-frame', displayId });
  }

  /** Answered by `onTiles`, or never when the capture ends before. */
  requestTiles(displayId: string, request: NativeTileRequest): void {
    if (this.#wanted.has(displayId)) this.#send({ type: 'tiles', displayId, request });
  }

  input(source: string, inputId: number, actions: readonly InputAction[]): void {
    if (this.#stopped) return;
    this.#held.follow(actions);
    this.#send({ type: 'input', source, inputId, actions });
  }

  forgetSource(source: string): void {
    this.#send({ type: 'forget-source', source });
  }

  /**
   * Ends capture and releases all keys for good. Resolves when the helper said so or is gone, within a quarter of a
   * second. No frame is told from the moment of the call.
   */
  stop(): Promise<void> {
    if (this.#stopped) return this.#stopped.promise;
    let done = () => {};
    const promise = new Promise<void>((resolve) => {
      done = resolve;
    });
    this.#stopped = { done, promise };
    this.#wanted.clear();
    this.#cancelRetries();
    if (!this.#helper) {
      done();
      return promise;
    }
    this.#send({ type: 'stop' });
    this.#later(STOP_ANSWER_MS, () => {
      this.#helper?.close();
      done();
    });
    return promise;
  }

  /** Lets the helper end. Call `stop` first. */
  close(): void {
    this.#cancelRetries();
    this.#helper?.close();
    this.#helper = undefined;
    this.#stopped ??= { done: () => {}, promise: Promise.resolve() };
  }

  #startHelper(): void {
    if (this.#stopped) return;
    this.#startedAtMs = this.#deps.clock.monotonicMs();
    // A helper may answer before `openHelper` has returned (in-process ones do).
    this.#helper = this.#deps.openHelper({
      onEvent: (event) => this.#take(event),
      onGone: (reason) => this.#helperGone(reason),
    });
    this.#send({ type: 'open', display: this.#deps.display });
  }

  #send(command: Parameters<DesktopHelper['send']>[0]): void {
    this.#helper?.send(command);
  }

  #take(event: DesktopEvent): void {
    if (event.type === 'stopped') {
      this.#stopped?.done();
      return;
    }
    if (this.#stopped) return;
    switch (event.type) {
      case 'opened':
        this.#opened(event.displays);
        break;
      case 'open-failed':
        this.#openFailed(event.reason);
        break;
      case 'displays':
        this.#listener?.onDisplays(event.displays);
        break;
      case 'frame':
        if (this.#wanted.has(event.displayId)) {
          this.#failures.capture = 0;
          this.#listener?.onFrame(event.displayId, event.frame, event.inputs);
        }
        break;
      case 'tiles':
        if (this.#wanted.has(event.displayId)) this.#listener?.onTiles(event.displayId, event.tiles);
        break;
      case 'cursor-shape':
      case 'cursor-position':
        this.#listener?.onCursor(event);
        break;
      case 'encoder': {
        const { displayId, name, reason } = event;
        this.#deps.log.info({ displayId, encoder: name, reason }, 'an encoder makes the pictures');
        break;
      }
      case 'capture-failed':
        this.#captureFailed(event.displayId, event.reason);
        break;
      case 'input-failed':
        this.#listener?.onInputFailed(event.reason);
        break;
    }
  }

  #opened(displays: readonly NativeDisplay[]): void {
    this.#isOpen = true;
    this.#failures.open = 0;
    this.#missing = undefined;
    this.#deps.log.info({ screens: displays.map((one) => one.id) }, 'the desktop is open');
    this.#listener?.onDisplays(displays);
    this.#listener?.onState('running', null);
    const release = this.#held.releaseActions();
    if (release.length > 0) this.#send({ type: 'input', source: '', inputId: 0, actions: release });
    for (const [displayId, settings] of this.#wanted) this.#send({ type: 'watch', displayId, settings });
  }

  /** A display server that is started anew must not be waited for longer than it takes. */
  #openFailed(reason: string): void {
    this.#isOpen = false;
    this.#unavailable(reason);
    this.#retry('open', () => this.#send({ type: 'open', display: this.#deps.display }));
  }

  #captureFailed(displayId: string, reason: string): void {
    if (!this.#wanted.has(displayId)) return;
    this.#unavailable(reason);
    this.#retry('capture', () => {
      const settings = this.#wanted.get(displayId);
      if (!settings || !this.#isOpen) return;
      this.#send({ type: 'watch', displayId, settings });
      this.#listener?.onState('running', null);
    });
  }

  #helperGone(reason: string): void {
    this.#deps.log.warn({ reason }, 'the desktop helper died');
    this.#helper = undefined;
    this.#isOpen = false;
    if (this.#stopped) {
      this.#stopped.done();
      return;
    }
    // One that ran well is started again at once.
    if (this.#deps.clock.monotonicMs() - this.#startedAtMs > STABLE_MS) this.#failures.helper = 0;
    this.#unavailable('The screen cannot be read at the moment.');
    this.#retry('helper', () => this.#startHelper());
  }

  #unavailable(reason: string): void {
    // Said once, however often it is tried in vain.
    if (reason !== this.#missing) this.#deps.log.warn({ reason }, 'the desktop is not available');
    this.#missing = reason;
    this.#listener?.onState('unavailable', reason);
  }

  #retry(what: 'helper' | 'open' | 'capture', task: () => void): void {
    this.#failures[what] += 1;
    const delayMs = restartDelayMs(this.#failures[what], this.#deps.random);
    this.#later(what === 'open' ? Math.min(MAX_OPEN_DELAY_MS, delayMs) : delayMs, task);
  }

  #later(ms: number, task: () => void): void {
    const cancel = this.#deps.clock.after(ms, () => {
      this.#retries.delete(cancel);
      task();
    });
    this.#retries.add(cancel);
  }

  #cancelRetries(): void {
    for (const cancel of this.#retries) cancel();
    this.#retries.clear();
  }
}
