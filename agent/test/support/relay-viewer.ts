import { once } from 'node:events';
import {
  ACK_LANE,
  type ChannelLabel,
  decodeRelayPicture,
  encodeRelayAck,
  labelOfLane,
  laneOf,
  RelayAssembler,
  type RelayPicture,
  readRelayPacket,
  relayPackets,
  trackOfLane,
} from '@guruconnect/shared';
import { WebSocket } from 'ws';
import { VIEWER_ORIGIN } from './relay-process.ts';

export interface Heard {
  readonly label: ChannelLabel;
  readonly data: string | Uint8Array;
}

/** A viewer's end of a relayed peer, without the handshake. */
export class RelayViewer {
  readonly heard: Heard[] = [];
  readonly pictures: (RelayPicture & { lane: number })[] = [];
  /** Every binary message as the relay passed it. */
  readonly packets: Uint8Array[] = [];
  readonly socket: WebSocket;
  readonly closed: Promise<unknown>;
  /** Whether it reports what arrives. */
  acknowledges = true;
  readonly #assembler = new RelayAssembler();
  #receivedBytes = 0;

  private constructor(url: string, ca?: string) {
    const options = { origin: VIEWER_ORIGIN, perMessageDeflate: false, ...(ca ? { ca } : {}) };
    this.socket = new WebSocket(url, options);
    this.closed = once(this.socket, 'close');
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.#take(data);
    });
  }

  /** Resolves when both ends are there. */
  static async join(url: string, ticket: string, ca?: string): Promise<RelayViewer> {
    const viewer = new RelayViewer(url, ca);
    await once(viewer.socket, 'open');
    viewer.socket.send(JSON.stringify({ v: 1, role: 'viewer', ticket }));
    await once(viewer.socket, 'message');
    return viewer;
  }

  send(label: ChannelLabel, data: string | Uint8Array): void {
    for (const packet of relayPackets(laneOf(label), data)) this.socket.send(packet);
  }

  acknowledge(stuckTracks = 0): void {
    const receivedBytes = this.#receivedBytes;
    const ack = { receivedBytes, atMs: performance.now(), waitingFrames: 0, stuckTracks };
    for (const packet of relayPackets(ACK_LANE, encodeRelayAck(ack))) this.socket.send(packet);
  }

  #take(data: Buffer): void {
    this.packets.push(data);
    this.#receivedBytes = (this.#receivedBytes + data.length) >>> 0;
    const packet = readRelayPacket(data);
    const message = this.#assembler.take(packet);
    if (message !== undefined && trackOfLane(packet.lane) !== undefined && typeof message !== 'string') {
      this.pictures.push({ ...decodeRelayPicture(message), lane: packet.lane });
    } else if (message !== undefined) {
      this.heard.push({ label: labelOfLane(packet.lane) ?? 'control', data: message });
    }
    if (this.acknowledges) this.acknowledge();
  }
}
