import type {
  AgentControlMessage,
  CursorMessage,
  FrameInfo,
  PeerPath,
  TileMessage,
} from '@guruconnect/shared';
import type { PeerSecurity, SecurityAlarm } from '../secure/peer-security.ts';
import type { Route } from './path-policy.ts';
import type { MakePeer, Peer } from './peer.ts';
import type { PeerSignals } from './peer-signals.ts';

export type KeeperStatus = 'off' | 'connecting' | 'up' | 'down';

export interface PeerKeeperEvents {
  status(status: KeeperStatus): void;
  /** A peer is up and from now on the one that counts. */
  up(link: PeerLink, route: Route): void;
  picture(link: PeerLink, stream: MediaStream, track: number): void;
  control(link: PeerLink, message: AgentControlMessage): void;
  cursor(link: PeerLink, message: CursorMessage): void;
  frame(link: PeerLink, info: FrameInfo): void;
  tiles(link: PeerLink, message: TileMessage): void;
  /** Both ends of this peer have proven themselves; it comes up in a moment. */
  secured(link: PeerLink, security: PeerSecurity): void;
  /** A peer is not to be trusted. The owner stops the keeper: it would only try again. */
  alarm(link: PeerLink, alarm: SecurityAlarm): void;
  /** The peer that was up is about to be closed: the last moment to keep its picture. */
  closing(): void;
  /** A try failed before a peer came up. */
  failed(error: unknown): void;
  /** WebRTC led nowhere, and this browser cannot take a relay. */
  stranded(): void;
}

/** One try, from the request on; `peerId` is known once the server answered. */
export interface PeerLink {
  readonly peer: Peer;
  readonly path: PeerPath;
  /** The peer that the server closes once this one is connected. */
  readonly replaces: string | undefined;
  peerId: string | undefined;
  /** Whether the agent has answered the request for it. */
  isOffered: boolean;
}

/** A link whose peer tells the keeper when it is up or lost, and the keeper's owner of all else. */
export function createPeerLink(
  { events, signals, makePeer }: { events: PeerKeeperEvents; signals: PeerSignals; makePeer: MakePeer },
  path: PeerPath,
  replaces: string | undefined,
  keeper: { up(): void; lost(reason: string): void; stalled(isStalled: boolean): void },
): PeerLink {
  const link: PeerLink = {
    path,
    replaces,
    peerId: undefined,
    isOffered: false,
    // Made before the server is asked: its certificate is ready when the offer comes.
    peer: makePeer(
      {
        up: () => keeper.up(),
        lost: (reason) => keeper.lost(reason),
        stalled: (isStalled) => keeper.stalled(isStalled),
        secured: (security) => events.secured(link, security),
        alarm: (alarm) => events.alarm(link, alarm),
        picture: (stream, track) => events.picture(link, stream, track),
        control: (message) => events.control(link, message),
        cursor: (message) => events.cursor(link, message),
        frame: (info) => events.frame(link, info),
        tiles: (message) => events.tiles(link, message),
        answer: (sdp, reveal) => link.peerId && signals.answer(link.peerId, sdp, reveal),
        candidate: (candidate) => link.peerId && signals.candidate(link.peerId, candidate),
      },
      path,
    ),
  };
  return link;
}
