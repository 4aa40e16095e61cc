import type {
  CaptureSettings,
  NativeAddon,
  NativeCapture,
  NativeCaptureEvent,
  NativeDisplay,
  NativeTileRequest,
} from '../../native/addon.d.ts';
import type { Clock } from '../../src/core/clock.ts';

export const LEFT: NativeDisplay = {
  id: 'LEFT',
  name: 'Left',
  x: 0,
  y: 0,
  width: 1280,
  height: 720,
  primary: true,
};
export const RIGHT: NativeDisplay = { ...LEFT, id: 'RIGHT', name: 'Right', x: 1280, primary: false };

/** A capture that shows what the test paints; a key frame comes when it opens and when it is asked for. */
export class FakeCapture implements NativeCapture {
  readonly configured: Partial<CaptureSettings>[] = [];
  readonly tileRequests: NativeTileRequest[] = [];
  keyFrameRequests = 0;
  closed = false;
  readonly displayId: string;
  readonly settings: CaptureSettings;
  readonly #emit: (event: NativeCaptureEvent) => void;
  readonly #clock: Clock;
  #frames = 0;
  #keyWanted = true;

  constructor(
    options: { displayId: string } & CaptureSettings,
    emit: (event: NativeCaptureEvent) => void,
    clock: Clock,
  ) {
    this.displayId = options.displayId;
    this.settings = options;
    this.#emit = emit;
    this.#clock = clock;
  }

  /** Something on the screen changed. */
  paint(): void {
    this.#frames += 1;
    const keyFrame = this.#keyWanted;
    this.#keyWanted = false;
    this.emit({
      type: 'frame',
      data: Buffer.from([0, 0, 0, 1, keyFrame ? 0x65 : 0x41, this.#frames]),
      keyFrame,
      frameId: this.#frames,
      width: 1280,
      height: 720,
      capturedAtMs: this.#clock.monotonicMs(),
      grabMs: 0,
      convertMs: 0,
      encodeMs: 0,
      damagedPixels: 1,
      refinement: false,
      qp: 20,
    });
  }

  emit(event: NativeCaptureEvent): void {
    if (!this.closed) this.#emit(event);
  }

  configure(settings: Partial<CaptureSettings>): void {
    this.configured.push(settings);
  }

  requestKeyFrame(): void {
    this.keyFrameRequests += 1;
    this.#keyWanted = true;
  }

  requestTiles(request: NativeTileRequest): void {
    this.tileRequests.push(request);
  }

  pause(): void {}
  resume(): void {}

  close(): void {
    this.closed = true;
  }
}

/** The addon's surface over a desktop that exists in the test alone. */
export class FakeAddon implements Pick<NativeAddon, 'listDisplays' | 'openCapture'> {
  displays: NativeDisplay[] = [LEFT, RIGHT];
  readonly captures: FakeCapture[] = [];
  /** Why the next displays cannot be listed. */
  broken: string | undefined;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  listDisplays(): NativeDisplay[] {
    if (this.broken !== undefined) throw new Error(this.broken);
    return this.displays;
  }

  openCapture(
    options: { display: string; displayId: string } & CaptureSettings,
    onEvent: (event: NativeCaptureEvent) => void,
  ): NativeCapture {
    const capture = new FakeCapture(options, onEvent, this.#clock);
    this.captures.push(capture);
    return capture;
  }

  /** The captures that run now. */
  get running(): FakeCapture[] {
    return this.captures.filter((one) => !one.closed);
  }
}
