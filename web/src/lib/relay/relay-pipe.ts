import {
  ACK_LANE,
  type Candidate,
  CHANNELS,
  type ChannelLabel,
  decodeRelayPicture,
  encodeRelayAck,
  labelOfLane,
  laneOf,
  type PeerTransport,
  RELAY_SDP,
  RelayAssembler,
  RelayJoin,
  RelayPaired,
  readRelayPacket,
  relayBinding,
  relayPackets,
  resolveRelayUrl,
  trackOfLane,
} from '@guruconnect/shared';
import { parse, safeParse } from 'zod/mini';
import type { PeerPipe, PipeListener, PipeSeal } from '../rtc/peer-pipe.ts';
import { readCounters, type StreamCounters } from '../rtc/stream-stats.ts';
import type { Timing } from '../rtc/timing.ts';
import { canDecodePictures, RelayPictures } from './relay-pictures.ts';

const MAX_EARLY_PICTURES = 64;
const LABELS = Object.keys(CHANNELS) as ChannelLabel[];

/**
 * A {@link PeerPipe} through a relay: everything in one WebSocket, for networks that let nothing else pass. The relay
 * sees sealed messages only; pictures are opened and decoded here.
 */
export class RelayPipe implements PeerPipe {
  readonly path = 'relay';
  readonly #listener: PipeListener;
  readonly #timing: Timing;
  readonly #assembler = new RelayAssembler();
  readonly #pictures: RelayPictures;
  readonly #unwanted = new Set<ChannelLabel>();
  #socket: WebSocket | undefined;
  #ticket = '';
  /** Pictures that came while the agent's proof was still being checked. */
  readonly #early: Uint8Array<ArrayBuffer>[] = [];
  #seal: PipeSeal | undefined;
  #isPaired = false;
  #isAnswered = false;
  #isUp = false;
  #isOver = false;
  #stuckTracks = 0;
  #receivedBytes = 0;
  #pictureBytes = 0;
  #pictureCount = 0;

  constructor(listener: PipeListener, timing: Timing) {
    this.#listener = listener;
    this.#timing = timing;
    this.#pictures = new RelayPictures(() => timing.now(), {
      picture: (stream, track) => listener.picture(stream, track),
      stuck: (track) => {
        this.#stuckTracks |= 1 << track;
        // On a still screen nothing else would carry the word.
        this.#acknowledge();
      },
      fault: (error) => listener.fault('picture', error),
    });
  }

  configure(transport: PeerTransport): void {
    if (this.#isOver || this.#socket || transport.kind !== 'relay') return;
    if (!canDecodePictures()) {
      this.#lose('this browser cannot decode pictures from a relay');
      return;
    }
    this.#ticket = transport.ticket;
    try {
      this.#connect(resolveRelayUrl(transport.url, location.origin));
    } catch (error) {
      this.#listener.fault('relay', error);
      this.#lose('the relay cannot be called');
    }
  }

  offer(sdp: string): void {
    if (this.#isOver || this.#isAnswered) return;
    if (sdp !== RELAY_SDP) {
      this.#lose('the offer could not be answered');
      return;
    }
    const end = relayBinding(this.#ticket);
    this.#isAnswered = true;
    this.#listener.answer(RELAY_SDP, { agent: end, viewer: end });
    this.#checkUp();
  }

  /** There are none on this path. */
  candidate(_candidate: Candidate): void {}

  isOpen(_label: ChannelLabel): boolean {
    return this.#isUp && !this.#isOver;
  }

  send(label: ChannelLabel, data: string | Uint8Array<ArrayBuffer>): boolean {
    if (!this.isOpen(label)) return false;
    for (const packet of relayPackets(laneOf(label), data)) this.#socket?.send(packet);
    return true;
  }

  bufferedBytes(_label: ChannelLabel): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Nothing of it is told any more; one empty message on its lane asks the agent to send no more. */
  closeChannel(label: 'tiles'): void {
    if (this.#unwanted.has(label)) return;
    this.send(label, new Uint8Array(0));
    this.#unwanted.add(label);
  }

  /** When a picture of ours is shown, browsers tell only its media time. */
  rtpTimestampAt(stream: MediaStream, mediaTimeS: number): number | undefined {
    return this.#pictures.rtpTimestampAt(stream, mediaTimeS);
  }

  counters(): Promise<StreamCounters> {
    const isTls = this.#socket?.url.startsWith('wss:') === true;
    return Promise.resolve({
      ...readCounters([]),
      ...this.#pictures.counters,
      atMs: this.#timing.now(),
      bytesReceived: this.#pictureBytes,
      packetsReceived: this.#pictureCount,
      codec: 'H264',
      path: 'relay',
      protocol: isTls ? 'wss' : 'ws',
      // Sealed from end to end with the keys of the handshake, whatever the relay speaks.
      srtpCipher: this.#seal && 'AES_256_GCM',
    });
  }

  secured(seal: PipeSeal): void {
    this.#seal = seal;
    for (const sealed of this.#early.splice(0)) this.#open(seal, sealed);
  }

  close(): void {
    this.#isOver = true;
    this.#socket?.close(1000);
    this.#pictures.close();
  }

  #connect(url: string): void {
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify(parse(RelayJoin, { v: 1, role: 'viewer', ticket: this.#ticket })));
    });
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (this.#isOver) return;
      if (typeof data === 'string') this.#hear(data);
      else if (data instanceof ArrayBuffer) this.#receive(new Uint8Array(data));
    });
    socket.addEventListener('close', ({ code, reason }) => {
      this.#lose(`the relay closed the connection (${code}${reason ? `: ${reason}` : ''})`);
    });
  }

  /** The relay's own words. */
  #hear(text: string): void {
    if (this.#isPaired || !safeParse(RelayPaired, JSON.parse(text)).success) return;
    this.#isPaired = true;
    this.#checkUp();
  }

  #checkUp(): void {
    if (this.#isUp || this.#isOver || !this.#isPaired || !this.#isAnswered) return;
    this.#isUp = true;
    for (const label of LABELS) this.#listener.open(label);
  }

  #receive(bytes: Uint8Array<ArrayBuffer>): void {
    this.#receivedBytes = (this.#receivedBytes + bytes.length) >>> 0;
    try {
      const packet = readRelayPacket(bytes);
      const message = this.#assembler.take(packet);
      const label = labelOfLane(packet.lane);
      if (trackOfLane(packet.lane) !== undefined) this.#takePicture(packet.piece.length, message);
      else if (message !== undefined && label && !this.#unwanted.has(label)) {
        this.#listener.message(label, message as string | Uint8Array<ArrayBuffer>);
      }
    } catch (error) {
      this.#listener.fault('relay', error);
      this.#lose('something came that no agent sends');
    }
    this.#acknowledge();
  }

  #takePicture(pieceBytes: number, sealed: string | Uint8Array | undefined): void {
    this.#pictureBytes += pieceBytes;
    if (sealed === undefined || typeof sealed === 'string') return;
    this.#pictureCount += 1;
    const bytes = sealed as Uint8Array<ArrayBuffer>;
    if (this.#seal) this.#open(this.#seal, bytes);
    else if (this.#early.push(bytes) > MAX_EARLY_PICTURES) this.#lose('pictures came without a proof');
  }

  #open(seal: PipeSeal, sealed: Uint8Array<ArrayBuffer>): void {
    seal.open('video', sealed).then(
      (opened) => {
        if (!this.#isOver) this.#pictures.take(decodeRelayPicture(opened));
      },
      (error: unknown) => {
        this.#listener.fault('picture', error);
        this.#lose('a picture was not sealed by the agent');
      },
    );
  }

  /** Each packet at once: what is under way is all that the agent has to go by. */
  #acknowledge(): void {
    const stuckTracks = this.#stuckTracks;
    this.#stuckTracks = 0;
    const ack = {
      receivedBytes: this.#receivedBytes,
      atMs: this.#timing.now(),
      waitingFrames: this.#pictures.waiting,
      stuckTracks,
    };
    if (this.#isOver || this.#socket?.readyState !== WebSocket.OPEN) return;
    for (const packet of relayPackets(ACK_LANE, encodeRelayAck(ack))) this.#socket.send(packet);
  }

  #lose(reason: string): void {
    if (this.#isOver) return;
    this.close();
    this.#listener.lost(reason);
  }
}
