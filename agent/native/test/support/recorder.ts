import type {
  CaptureSettings,
  NativeAddon,
  NativeCapture,
  NativeCaptureEvent,
  NativeFrame,
} from '../../addon.d.ts';
import { buildNative } from '../../build.mjs';
import { loadNativeAddon } from '../../load-addon.ts';

export const defaultSettings: CaptureSettings = {
  bitrate: 8_000_000,
  maxFps: 60,
  content: 'screen',
  minQp: 14,
  maxQp: 45,
  refinements: 0,
  scale: 1,
};

export async function loadFreshAddon(): Promise<NativeAddon> {
  await buildNative();
  return loadNativeAddon();
}

/** A capture with everything it said, and promises for what it will say. */
export interface Recorder {
  readonly capture: NativeCapture;
  readonly events: readonly NativeCaptureEvent[];
  frames(): NativeFrame[];
  /** The first event from now on, or still unread, that fits; events before it count as read. */
  next<T extends NativeCaptureEvent>(fits: (event: NativeCaptureEvent) => event is T): Promise<T>;
  nextFrame(fits?: (frame: NativeFrame) => boolean): Promise<NativeFrame>;
}

export function record(
  addon: NativeAddon,
  display: string,
  settings: Partial<CaptureSettings> = {},
  displayId = addon.listDisplays(display)[0]?.id ?? 'none',
): Recorder {
  const options = { ...defaultSettings, ...settings, display, displayId };
  return recordEvents((onEvent) => addon.openCapture(options, onEvent));
}

/** Records whatever capture `open` starts. */
export function recordEvents(
  open: (onEvent: (event: NativeCaptureEvent) => void) => NativeCapture,
): Recorder {
  const events: NativeCaptureEvent[] = [];
  let read = 0;
  let announce = (): void => {};
  const capture = open((event) => {
    events.push(event);
    announce();
  });
  const next = async <T extends NativeCaptureEvent>(
    fits: (event: NativeCaptureEvent) => event is T,
  ): Promise<T> => {
    for (;;) {
      const event = events[read];
      if (event === undefined) {
        await new Promise<void>((resolve) => {
          announce = resolve;
        });
        continue;
      }
      read += 1;
      if (fits(event)) return event;
    }
  };
  return {
    capture,
    events,
    frames: () => events.filter((event) => event.type === 'frame'),
    next,
    nextFrame: (fits = () => true) =>
      next((event): event is NativeFrame => event.type === 'frame' && fits(event)),
  };
}

export const isType =
  <K extends NativeCaptureEvent['type']>(type: K) =>
  (event: NativeCaptureEvent): event is Extract<NativeCaptureEvent, { type: K }> =>
    event.type === type;
