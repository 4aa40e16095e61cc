import type { AgentControlMessage, FrameInfo, TileMessage } from '@guruconnect/shared';
import { InputHandover } from '../../lib/input/input-handover.ts';
import { InputSender } from '../../lib/input/input-sender.ts';
import type { LatencyLedger } from '../../lib/rtc/latency-ledger.ts';
import type { PeerLink } from '../../lib/rtc/peer-link.ts';
import { StreamMonitor } from '../../lib/rtc/stream-monitor.ts';
import type { Timing } from '../../lib/rtc/timing.ts';
import type { DeckFrame } from '../../lib/rtc/video-deck.ts';
import type { TileLayers } from '../../lib/tiles/tile-layers.ts';
import { PictureWatch } from './picture-watch.ts';
import { QualityReporter } from './quality-reporter.ts';
import type { ViewerSignaling } from './viewer-signaling.ts';
import type { ViewerState } from './viewer-state.ts';
import type { ViewerWishes } from './viewer-wishes.ts';

export interface PeerUseDeps {
  readonly timing: Timing;
  readonly wishes: ViewerWishes;
  readonly tiles: Pick<TileLayers<PeerLink>, 'receive' | 'coming' | 'shown' | 'keep'>;
  readonly reportQuality: ViewerSignaling['reportQuality'];
  /** The peer that is up. */
  current(): PeerLink | undefined;
  state(): ViewerState;
}

/** Round trips in a building are shorter, and lose nothing. */
const NEAR_MS = 5;

/** What is done with the peer that is up: input goes to it, its pictures are watched, it is told what is wished. */
export class PeerUse {
  readonly monitor: StreamMonitor;
  readonly handover: InputHandover;
  readonly #deps: PeerUseDeps;
  readonly #frames: PictureWatch;
  readonly #quality: QualityReporter;
  readonly #introduced = new WeakSet<PeerLink>();

  constructor(deps: PeerUseDeps) {
    this.#deps = deps;
    const { timing } = deps;
    this.monitor = new StreamMonitor(timing);
    this.handover = new InputHandover(timing);
    this.#frames = new PictureWatch(timing);
    this.#quality = new QualityReporter({ monitor: this.monitor, timing, send: deps.reportQuality });
  }

  /** What is known of the frames of the peer that is up. */
  get ledger(): LatencyLedger | undefined {
    const link = this.#deps.current();
    return link && this.#frames.ledgerOf(link);
  }

  up(link: PeerLink): void {
    const { timing, tiles } = this.#deps;
    tiles.keep(link);
    const ledger = this.#frames.ledgerOf(link);
    const sender = new InputSender(
      {
        send: (label, bytes) => link.peer.send(label, bytes),
        bufferedBytes: (label) => link.peer.bufferedBytes(label),
        isNear: () => (link.peer.rttMs ?? 0) < NEAR_MS,
      },
      (inputId) => ledger.inputSent(inputId, timing.now()),
      () => timing.now(),
      // The relay's path loses nothing.
      link.path === 'webrtc' ? timing : undefined,
    );
    this.handover.goOn({ sender, peerId: link.peerId, tell: (message) => link.peer.tell(message) });
    this.monitor.follow({ peer: link.peer, ledger });
    if (this.#introduced.has(link)) this.#tellWishes(link);
  }

  /** The keeper has this peer up, or none. */
  follow(link: PeerLink | undefined): void {
    this.monitor.follow(link && { peer: link.peer, ledger: this.#frames.ledgerOf(link) });
    if (!link) this.#quality.follow(undefined);
  }

  expectPicture(link: PeerLink): void {
    this.#quality.follow(link.peerId);
    this.#frames.expect(link, () => this.#deps.current() === link);
  }

  streamOf(link: PeerLink, stream: MediaStream, track: number): void {
    this.#frames.streamOf(link, stream, track);
  }

  frameTold(link: PeerLink, info: FrameInfo): void {
    this.#frames.told(link, info);
    this.#deps.tiles.coming(link, info.track, info.rtpTimestamp);
  }

  frameShown(frame: DeckFrame): void {
    const shown = this.#frames.shown(frame);
    if (shown) this.#deps.tiles.shown(shown.link, shown.track, shown.rtpTimestamp);
  }

  tiles(link: PeerLink, message: TileMessage): void {
    this.#deps.tiles.receive(link, message);
  }

  /** After what the message says is in the state. */
  control(link: PeerLink, message: AgentControlMessage): void {
    const isCurrent = link === this.#deps.current();
    switch (message.type) {
      case 'pong':
        this.#frames.answered(link, message.agentTimeMs);
        break;
      case 'resumed':
        this.handover.resumed(message.peerId, message.inputId);
        break;
      case 'hello':
        this.#introduced.add(link);
        if (isCurrent) this.#tellWishes(link);
        break;
      case 'displays': {
        const wish = isCurrent && this.#deps.wishes.forDisplays(this.#deps.state());
        if (wish) link.peer.tell(wish);
        break;
      }
    }
  }

  close(): void {
    this.#quality.close();
    this.#frames.stop();
    this.monitor.follow(undefined);
  }

  /** An agent that has not said hello lets nobody look at anything yet, and would refuse. */
  #tellWishes(link: PeerLink): void {
    for (const message of this.#deps.wishes.forNewPeer(this.#deps.state())) link.peer.tell(message);
  }
}
