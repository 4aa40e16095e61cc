import type { PresentedFrame } from '../../lib/rtc/latency-ledger.ts';
import type { Route } from '../../lib/rtc/path-policy.ts';
import type { StreamQuality } from '../../lib/rtc/stream-monitor.ts';
import type { ViewerSession } from './viewer-session.ts';
import { phaseOf, type ViewerPhase } from './viewer-state.ts';

/**
 * `window.__guruViewer`: what measuring programs and end-to-end tests read of the open viewer. Read-only, and
 * nothing in it that the page does not show anyway.
 */
export interface ViewerDebugSurface {
  readonly state: ViewerPhase['kind'];
  readonly peerId: string | undefined;
  /** Which way the newest peer that was up takes, and why. */
  readonly route: Route | undefined;
  /** The newest frame on the screen; `info` is what the agent told about it. Times as `performance.now()`. */
  readonly lastFrame: PresentedFrame | undefined;
  /** Id of the newest input message that was sent on this peer. */
  readonly lastInputId: number | undefined;
  /** The safety words of the newest peer; the person at the machine sees the same. */
  readonly words: readonly string[] | undefined;
  /** When the first picture of this page was shown. */
  readonly firstFrameAtMs: number | undefined;
  /** Reads the statistics now; undefined while no peer is up. */
  stats(): Promise<StreamQuality | undefined>;
}

declare global {
  interface Window {
    __guruViewer?: ViewerDebugSurface;
  }
}

/** Puts the surface on the window; the returned function takes it off again. */
export function installDebugSurface(
  session: ViewerSession,
  firstFrameAtMs: () => number | undefined,
): () => void {
  const surface: ViewerDebugSurface = Object.freeze({
    get state() {
      return phaseOf(session.getSnapshot()).kind;
    },
    get peerId() {
      return session.getSnapshot().peerId;
    },
    get route() {
      return session.getSnapshot().route;
    },
    get lastFrame() {
      return session.ledger?.lastFrame;
    },
    get lastInputId() {
      return session.input?.lastId;
    },
    get words() {
      return session.getSnapshot().security?.words;
    },
    get firstFrameAtMs() {
      return firstFrameAtMs();
    },
    stats: () => session.monitor.read(),
  });
  window.__guruViewer = surface;
  return () => {
    if (window.__guruViewer === surface) delete window.__guruViewer;
  };
}
