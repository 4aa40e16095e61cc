import type { Capability } from '@guruconnect/shared';
import type { ApiClient } from '../../lib/api-client.ts';
import type { ConsoleConnection } from '../../lib/console-connection.ts';
import type { PeerLink } from '../../lib/rtc/peer-keeper.ts';
import { BROWSER_TIMING } from '../../lib/rtc/timing.ts';
import { VideoDeck } from '../../lib/rtc/video-deck.ts';
import { ViewerPeer } from '../../lib/rtc/viewer-peer.ts';
import { WebRtcPipe } from '../../lib/rtc/webrtc-pipe.ts';
import { IndexedSecureStore } from '../../lib/secure/secure-store.ts';
import { TileLayers } from '../../lib/tiles/tile-layers.ts';
import { installDebugSurface } from './debug-surface.ts';
import { paintShape, RemoteCursor } from './remote-cursor.ts';
import { ViewerSession } from './viewer-session.ts';
import { createViewerSignaling } from './viewer-signaling.ts';

/** Everything of one viewer that lives outside React. */
export interface Viewer {
  readonly session: ViewerSession;
  readonly deck: VideoDeck;
  readonly cursor: RemoteCursor;
  /** What lies over the picture once it stands still. */
  readonly tiles: TileLayers<PeerLink>;
  close(): void;
}

/** Builds a viewer from the browser's own parts; it starts joining at once. */
export function createViewer(deps: {
  sessionId: string;
  mode: Capability;
  connection: ConsoleConnection;
  api: ApiClient;
}): Viewer {
  const timing = BROWSER_TIMING;
  const store = new IndexedSecureStore();
  const { sessionId } = deps;
  const stop = new AbortController();
  const cursor = new RemoteCursor(paintShape);
  const tiles = new TileLayers<PeerLink>((link, error) => {
    link.peer.closeChannel?.('tiles');
    reportError(error);
  });
  let firstFrameAtMs: number | undefined;
  const deck = new VideoDeck('Picture of the remote desktop', {
    frame: (frame) => session.frameShown(frame),
    firstFrame: () => {
      firstFrameAtMs ??= timing.now();
      session.pictureStarted();
    },
    resized: (size) => session.videoResized(size),
  });
  const session: ViewerSession = new ViewerSession({
    signaling: createViewerSignaling({ sessionId, connection: deps.connection, api: deps.api, store }),
    makePeer: (listener) =>
      new ViewerPeer(listener, {
        makePipe: (events) => new WebRtcPipe(events),
        store,
        sessionId,
        timing,
        isVisible: () => document.visibilityState === 'visible',
        onFault: (_what, error) => reportError(error),
      }),
    timing,
    mode: deps.mode,
    pinAgent: (agentKey) => store.pin(sessionId, agentKey),
    onPicture: (stream) => deck.show(stream),
    onPictureEnds: () => {
      deck.freeze();
      tiles.lift();
    },
    onPictureGone: () => {
      deck.clear();
      tiles.lift();
    },
    tiles,
    onCursor: (message) => cursor.receive(message),
  });
  const removeSurface = installDebugSurface(session, () => firstFrameAtMs);
  const close = () => {
    stop.abort();
    session.close();
    deck.close();
    tiles.close();
    removeSurface();
  };
  const { signal } = stop;
  window.addEventListener('online', () => session.networkChanged(), { signal });
  // Lets the agent release the keys and drop the peer now instead of by time-out.
  window.addEventListener('pagehide', close, { signal });
  // A page that comes back from the browser's back-forward cache has lost its peer: start over.
  window.addEventListener('pageshow', (event) => event.persisted && window.location.reload());
  return { session, deck, cursor, tiles, close };
}
