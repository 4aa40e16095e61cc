import type { Capability, SessionView } from '@guruconnect/shared';
import type { ApiClient } from '../../lib/api-client.ts';
import type { ConsoleConnection } from '../../lib/console-connection.ts';
import { canDecodePictures } from '../../lib/relay/relay-pictures.ts';
import { RelayPipe } from '../../lib/relay/relay-pipe.ts';
import { createPathMemory } from '../../lib/rtc/path-memory.ts';
import { PathPolicy } from '../../lib/rtc/path-policy.ts';
import type { PeerLink } from '../../lib/rtc/peer-link.ts';
import { createSteadyTiming } from '../../lib/rtc/steady-timing.ts';
import { VideoWall } from '../../lib/rtc/video-wall.ts';
import { ViewerPeer } from '../../lib/rtc/viewer-peer.ts';
import { WebRtcPipe } from '../../lib/rtc/webrtc-pipe.ts';
import { IndexedSecureStore } from '../../lib/secure/secure-store.ts';
import { TileLayers } from '../../lib/tiles/tile-layers.ts';
import { installDebugSurface } from './debug-surface.ts';
import { MachineRestart } from './machine-restart.ts';
import { paintShape, RemoteCursor } from './remote-cursor.ts';
import { ViewerSession } from './viewer-session.ts';
import { createViewerSignaling } from './viewer-signaling.ts';
import { ViewerWishes } from './viewer-wishes.ts';
import { watchThumbnails } from './watch-thumbnails.ts';

/** Everything of one viewer that lives outside React. */
export interface Viewer {
  readonly session: ViewerSession;
  readonly restart: MachineRestart;
  readonly deck: VideoWall;
  readonly cursor: RemoteCursor;
  /** What lies over the picture once it stands still. */
  readonly tiles: TileLayers<PeerLink>;
  /** Joins, for a viewer that was made held. */
  begin(mode: Capability): void;
  close(): void;
}

const DRAWN_CHECK_MS = 4;

/** In so long the newest picture is on the screen again after the page was hidden. */
const CAUGHT_UP_MS = 600;

/** Builds a viewer from the browser's own parts; it starts joining at once, unless it is held until `begin`. */
export function createViewer(deps: {
  sessionId: string;
  mode: Capability;
  isHeld?: boolean;
  /** The session as the server just told it, where somebody has it already. */
  known?: SessionView;
  connection: ConsoleConnection;
  api: ApiClient;
}): Viewer {
  const timing = createSteadyTiming();
  const store = new IndexedSecureStore();
  const { sessionId } = deps;
  let isHeld = deps.isHeld ?? false;
  const stop = new AbortController();
  const cursor = new RemoteCursor(paintShape);
  const tiles = new TileLayers<PeerLink>((link, error) => {
    link.peer.closeChannel?.('tiles');
    reportError(error);
  });
  let firstFrameAtMs: number | undefined;
  /** A picture may be there before the page is drawn that shows it. */
  const noteFirstFrame = () => {
    if (deck.video?.isConnected) firstFrameAtMs ??= timing.now();
    else if (!stop.signal.aborted) timing.after(DRAWN_CHECK_MS, noteFirstFrame);
  };
  const deck = new VideoWall('Picture of the remote desktop', {
    frame: (_track, frame) => session.frameShown(frame),
    firstFrame: () => {
      noteFirstFrame();
      session.pictureStarted();
    },
    resized: (track, size) => track === 0 && session.videoResized(size),
  });
  const session: ViewerSession = new ViewerSession({
    signaling: createViewerSignaling({
      sessionId,
      connection: deps.connection,
      api: deps.api,
      store,
      isHeld: () => isHeld,
    }),
    makePeer: (listener, path) =>
      new ViewerPeer(listener, {
        makePipe: (events) => (path === 'relay' ? new RelayPipe(events, timing) : new WebRtcPipe(events)),
        store,
        sessionId,
        timing,
        isVisible: () => document.visibilityState === 'visible',
        onFault: (_what, error) => reportError(error),
      }),
    policy: new PathPolicy({
      paths: canDecodePictures() ? ['webrtc', 'relay'] : ['webrtc'],
      memory: createPathMemory(sessionId, localStorage),
      random: timing.random,
    }),
    timing,
    mode: deps.mode,
    isHeld,
    known: deps.known,
    pinAgent: (agentKey) => store.pin(sessionId, agentKey),
    onPicture: (stream, track) => deck.show(stream, track),
    onPictureEnds: () => {
      deck.freeze();
      tiles.lift();
    },
    onPictureGone: () => {
      deck.clear();
      tiles.lift();
    },
    tiles,
    wishes: new ViewerWishes(localStorage),
    onCursor: (message) => cursor.receive(message),
  });
  const restart = new MachineRestart({ api: deps.api, timing, session });
  const stopThumbnails = watchThumbnails({ session, api: deps.api, timing, video: () => deck.video });
  let removeSurface = isHeld ? () => {} : installDebugSurface(session, () => firstFrameAtMs);
  const begin = (mode: Capability) => {
    if (!isHeld) return;
    isHeld = false;
    removeSurface = installDebugSurface(session, () => firstFrameAtMs);
    session.begin(mode);
  };
  const close = () => {
    stop.abort();
    restart.close();
    stopThumbnails();
    session.close();
    deck.close();
    tiles.close();
    removeSurface();
  };
  const { signal } = stop;
  const networkChanged = () => session.networkChanged();
  window.addEventListener('online', networkChanged, { signal });
  // Not in every browser: another network without a moment offline in between.
  if ('connection' in navigator && navigator.connection instanceof EventTarget) {
    navigator.connection.addEventListener('change', networkChanged, { signal });
  }
  document.addEventListener('visibilitychange', () => session.lookedAway(), { signal });
  const caughtUp = () => {
    if (document.visibilityState === 'visible') timing.after(CAUGHT_UP_MS, () => tiles.caughtUp());
  };
  document.addEventListener('visibilitychange', caughtUp, { signal });
  // Lets the agent release the keys and drop the peer now instead of by time-out.
  window.addEventListener('pagehide', close, { signal });
  // A page that comes back from the browser's back-forward cache has lost its peer: start over.
  window.addEventListener('pageshow', (event) => event.persisted && window.location.reload());
  return { session, restart, deck, cursor, tiles, begin, close };
}
