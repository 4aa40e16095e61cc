import { Cleanup } from '../stack/cleanup.ts';
import { type Desktop, startDesktop } from '../stack/desktop.ts';
import { WinePrefix } from './wine-prefix.ts';

export interface WineMachineOptions {
  readonly width?: number;
  readonly height?: number;
  /** Whether openbox gives windows their frames; true by default. */
  readonly windowManager?: boolean;
  /** For every Windows program, in addition. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A Windows computer with a screen, as far as Wine can be one; its services run as long as it does. */
export interface WineMachine {
  readonly wine: WinePrefix;
  /** What its screen shows, to be looked at and typed on from outside as any X desktop. */
  readonly desktop: Desktop;
  /** Ends and removes all of it. */
  close(): Promise<void>;
}

/** Starts a screen and a fresh Windows on it, kept awake so that services live. */
export async function startWineMachine(options: WineMachineOptions = {}): Promise<WineMachine> {
  const cleanup = new Cleanup();
  const { width = 1280, height = 720, windowManager = true, env = {} } = options;
  try {
    const desktop = await startDesktop({ width, height, windowManager });
    cleanup.defer(() => desktop.close());
    const wine = await WinePrefix.create({ display: desktop.display, env });
    cleanup.defer(() => wine.close());
    await wine.keepAwake();
    return { wine, desktop, close: () => cleanup.run() };
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}
