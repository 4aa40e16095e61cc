import {
  ACK_LANE,
  CHANNELS,
  type ChannelLabel,
  decodeRelayAck,
  encodeRelayPicture,
  GuruError,
  labelOfLane,
  laneOf,
  laneOfTrack,
  type PeerBinding,
  RELAY_SDP,
  RelayAssembler,
  readRelayPacket,
  relayBinding,
  relayPackets,
  resolveRelayUrl,
} from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { WayOut } from '../proxy/way-out.ts';
import type { OpenPeer, Peer, PeerEvents, PeerOptions, PeerSeal, PeerState } from '../rtc/peer.ts';
import type { VideoFrame, VideoStats } from '../rtc/rtp/video-sender.ts';
import { RelayOutlet } from './relay-outlet.ts';
import { RelayPictureGate } from './relay-picture-gate.ts';
import { RELAY_RATES, RelayRate } from './relay-rate.ts';
import { RelaySocket } from './relay-socket.ts';

export interface RelayPeerDeps extends WayOut {
  readonly clock: Clock;
  /** Where this agent reaches its server. */
  readonly serverOrigin: string;
}

const LABELS = Object.keys(CHANNELS) as ChannelLabel[];
/** What goes piece by piece, behind pictures. */
const BULK: readonly ChannelLabel[] = ['tiles'];
/** More than this waiting on a lossy channel is news of yesterday. */
const MAX_LOSSY_WAITING_BYTES = 65_536;
const MAX_RELIABLE_WAITING_BYTES = 8_388_608;
/** The viewer's proof may overtake its answer, which goes through the server. */
const MAX_EARLY_PACKETS = 64;
/** Changes of the target smaller than this are not worth telling the encoder. */
const TELL_CHANGE = 0.03;

/** Peers over a relay, for networks that let nothing else pass. */
export function createRelayPeers(deps: RelayPeerDeps): OpenPeer {
  return (options, events) => new RelayPeer(deps, options, events);
}

/**
 * All channels and pictures of a peer in one WebSocket. Nothing is encrypted here but by what stands above: channels
 * come sealed, pictures are sealed with what `secured` brings, and no picture leaves before.
 */
class RelayPeer implements Peer {
  readonly binding: PeerBinding;
  readonly #events: PeerEvents;
  readonly #tracks: number;
  readonly #socket: RelaySocket;
  readonly #clock: Clock;
  readonly #rate: RelayRate;
  readonly #outlet: RelayOutlet;
  readonly #gates: readonly RelayPictureGate[];
  readonly #assembler = new RelayAssembler();
  readonly #unwanted = new Set<ChannelLabel>();
  readonly #early: Uint8Array[] = [];
  #seal: PeerSeal | undefined;
  #isPaired = false;
  #isAnswered = false;
  #isUp = false;
  #isClosed = false;
  #toldBitrate: number;
  #pictures = 0;
  #pictureBytes = 0;
  #keyFrameRequests = 0;

  constructor(deps: RelayPeerDeps, { transport, tracks }: PeerOptions, events: PeerEvents) {
    if (transport.kind !== 'relay') throw GuruError.invalid('This peer takes no relay.');
    const { ticket } = transport;
    const end = relayBinding(ticket);
    this.binding = { agent: end, viewer: end };
    this.#events = events;
    this.#tracks = tracks;
    this.#clock = deps.clock;
    this.#gates = Array.from({ length: tracks }, () => new RelayPictureGate());
    this.#rate = new RelayRate(RELAY_RATES);
    this.#toldBitrate = this.#rate.targetBitrate;
    // It is called at once: the viewer does the same, and both are there when the answer comes.
    this.#socket = new RelaySocket(
      {
        url: resolveRelayUrl(transport.url, deps.serverOrigin),
        ticket,
        ca: deps.ca,
        proxies: deps.proxies,
      },
      {
        onPaired: () => {
          this.#isPaired = true;
          this.#checkUp();
        },
        onPacket: (packet) => this.#receive(packet),
        onClosed: () => this.#end(this.#isUp ? 'closed' : 'failed'),
      },
    );
    this.#outlet = new RelayOutlet({
      clock: deps.clock,
      rate: this.#rate,
      socket: this.#socket,
      onDrained: () => this.#drained(),
    });
  }

  get stats(): VideoStats {
    return {
      packets: this.#pictures,
      bytes: this.#pictureBytes,
      retransmitted: 0,
      droppedFrames: this.#gates.reduce((sum, gate) => sum + gate.droppedFrames, 0),
      keyFrameRequests: this.#keyFrameRequests,
      targetBitrate: this.#rate.targetBitrate,
      rttMs: this.#rate.rttMs,
    };
  }

  get route(): string {
    return 'websocket';
  }

  get queueMs(): number {
    return this.#outlet.queueMs;
  }

  start(): void {
    this.#events.onOffer(RELAY_SDP);
  }

  applyAnswer(sdp: string): void {
    if (sdp !== RELAY_SDP) throw GuruError.invalid('The answer is not usable.');
    this.#isAnswered = true;
    this.#checkUp();
  }

  /** There are none on this path. */
  addCandidate(): void {}

  secured(seal: PeerSeal): void {
    this.#seal = seal;
  }

  canSend(label: ChannelLabel): boolean {
    if (!this.#isUp || this.#isClosed || this.#unwanted.has(label)) return false;
    const waiting = this.#socket.bufferedBytes + (BULK.includes(label) ? this.#outlet.queuedBytes : 0);
    return waiting <= (CHANNELS[label].ordered ? MAX_RELIABLE_WAITING_BYTES : MAX_LOSSY_WAITING_BYTES);
  }

  send(label: ChannelLabel, data: string | Uint8Array): boolean {
    if (!this.canSend(label)) return false;
    const packets = relayPackets(laneOf(label), data, this.#rate.pieceBytes);
    if (BULK.includes(label)) this.#outlet.later('bulk', packets);
    else this.#outlet.urgent(packets);
    return true;
  }

  /** The lanes of a pipe are one: what is closed for malformed messages is all of it. */
  closeChannel(_label: ChannelLabel): void {
    this.#clock.after(0, () => this.#end('closed'));
  }

  sendFrame(track: number, frame: VideoFrame): boolean {
    const gate = this.#gates[track];
    if (!gate || !this.#isUp || this.#isClosed || !this.#seal) return false;
    if (!gate.takes(frame.keyFrame, this.queueMs)) return false;
    const sealed = this.#seal.seal('video', encodeRelayPicture({ track, ...frame }));
    this.#pictures += 1;
    this.#pictureBytes += sealed.length;
    this.#outlet.later('picture', relayPackets(laneOfTrack(track), sealed, this.#rate.pieceBytes));
    return true;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }

  /** Up when the viewer is there and has answered: its part of the handshake came with the answer. */
  #checkUp(): void {
    if (this.#isUp || this.#isClosed || !this.#isPaired || !this.#isAnswered) return;
    this.#isUp = true;
    this.#events.onState('connected');
    this.#events.onTargetBitrate(this.#toldBitrate);
    for (const label of LABELS) if (!this.#isClosed) this.#events.onChannelOpen(label);
    if (!this.#isClosed) this.#events.onVideoOpen();
    for (const packet of this.#early.splice(0)) this.#receive(packet);
  }

  #receive(packet: Uint8Array): void {
    if (this.#isClosed) return;
    if (!this.#isUp) {
      if (this.#early.push(packet) > MAX_EARLY_PACKETS) this.#end('failed');
      return;
    }
    try {
      const read = readRelayPacket(packet);
      if (read.lane === ACK_LANE) {
        this.#acknowledged(read.piece);
        return;
      }
      const label = labelOfLane(read.lane);
      if (label === undefined) throw GuruError.invalid('Nothing is expected there.');
      if (BULK.includes(label)) {
        // A viewer says nothing there but that it wants no more of it.
        this.#unwanted.add(label);
        return;
      }
      const message = this.#assembler.take(read);
      if (message !== undefined) this.#events.onMessage(label, message);
    } catch {
      // A viewer of ours sends no such thing, and whatever comes after it could mean anything.
      this.#end('failed');
    }
  }

  #acknowledged(bytes: Uint8Array): void {
    const { receivedBytes, atMs, stuckTracks } = decodeRelayAck(bytes);
    this.#rate.acknowledged(receivedBytes, atMs, this.#clock.monotonicMs());
    this.#outlet.pump();
    for (let track = 0; track < this.#tracks; track += 1) {
      if ((stuckTracks & (1 << track)) === 0) continue;
      this.#keyFrameRequests += 1;
      this.#events.onKeyFrameWanted(track);
    }
    const { targetBitrate } = this.#rate;
    if (Math.abs(targetBitrate - this.#toldBitrate) < TELL_CHANGE * this.#toldBitrate) return;
    this.#toldBitrate = targetBitrate;
    this.#events.onTargetBitrate(targetBitrate);
  }

  #drained(): void {
    for (let track = 0; track < this.#tracks; track += 1) {
      if (this.#gates[track]?.caughtUp()) this.#events.onKeyFrameWanted(track);
    }
    this.#events.onDrained();
  }

  #end(state: Exclude<PeerState, 'connected'>): void {
    if (this.#isClosed) return;
    this.close();
    this.#events.onState(state);
  }
}
