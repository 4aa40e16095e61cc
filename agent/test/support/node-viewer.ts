import type { Candidate, ChannelLabel } from '@guruconnect/shared';
import nodeDataChannel, { type DataChannel, type PeerConnection, type Track } from 'node-datachannel';
import { depacketise, parseRtp, type ReceivedPacket } from './depacketise.ts';

/** A viewer on the same library, for tests of the real network path without a browser. */
export class NodeViewer {
  readonly connection: PeerConnection;
  readonly channels = new Map<string, DataChannel>();
  readonly messages: { label: string; data: string | Buffer }[] = [];
  readonly frames: { mid: string; rtpTimestamp: number; nals: Buffer[] }[] = [];
  /** Packets that came on a retransmission stream. */
  retransmissions = 0;
  readonly closedChannels: string[] = [];
  readonly tracks: Track[] = [];
  #waiting = new Map<string, Map<number, ReceivedPacket>>();

  constructor(onCandidate: (candidate: Candidate) => void) {
    this.connection = new nodeDataChannel.PeerConnection('viewer', {
      iceServers: [],
      bindAddress: '127.0.0.1',
    });
    this.connection.onLocalCandidate((candidate, mid) => onCandidate({ candidate, mid }));
    this.connection.onDataChannel((channel) => this.#addChannel(channel));
    this.connection.onTrack((track) => {
      this.tracks.push(track);
      track.onMessage((packet) => this.#receive(track.mid(), packet));
    });
  }

  answer(offer: string): Promise<string> {
    return new Promise((resolve) => {
      this.connection.onLocalDescription((sdp) => resolve(sdp));
      this.connection.setRemoteDescription(offer, 'offer');
    });
  }

  send(label: ChannelLabel, data: string | Uint8Array): void {
    const channel = this.channels.get(label);
    if (typeof data === 'string') channel?.sendMessage(data);
    else channel?.sendMessageBinary(data);
  }

  sendRtcp(packet: Buffer, mid = 'video'): void {
    this.tracks.find((track) => track.mid() === mid)?.sendMessageBinary(packet);
  }

  close(): void {
    this.connection.close();
  }

  #addChannel(channel: DataChannel): void {
    const label = channel.getLabel();
    this.channels.set(label, channel);
    channel.onClosed(() => this.closedChannels.push(label));
    channel.onMessage((data) => {
      this.messages.push({ label, data: data instanceof ArrayBuffer ? Buffer.from(data) : data });
    });
  }

  #receive(mid: string, bytes: Buffer): void {
    const type = bytes.readUInt8(1);
    if (type >= 192 && type <= 223) return; // RTCP
    const packet = parseRtp(bytes);
    if ((type & 0x7f) === RTX_PAYLOAD_TYPE) {
      // Padding alone; a probe.
      if (bytes.readUInt8(0) & 0x20) return;
      this.retransmissions += 1;
      const sequence = packet.payload.readUInt16BE(0);
      this.#take(mid, { ...packet, sequence, payload: packet.payload.subarray(2) });
    } else this.#take(mid, packet);
  }

  #take(mid: string, packet: ReceivedPacket): void {
    const name = `${mid} ${packet.timestamp}`;
    if (this.frames.some((one) => one.mid === mid && one.rtpTimestamp === packet.timestamp)) return;
    const frame = this.#waiting.get(name) ?? new Map<number, ReceivedPacket>();
    this.#waiting.set(name, frame);
    frame.set(packet.sequence, packet);
    // A frame is whole when its numbers have no gap from a first packet to the marked one.
    const packets = [...frame.values()].sort((a, b) => ((a.sequence - b.sequence) << 16) >> 16);
    const [first] = packets;
    const last = packets.at(-1);
    if (!first || !last?.marker || !isStart(first.payload)) return;
    if (((last.sequence - first.sequence) & 0xffff) !== packets.length - 1) return;
    this.#waiting.delete(name);
    const nals = depacketise(packets.map((one) => one.payload));
    this.frames.push({ mid, rtpTimestamp: packet.timestamp, nals });
  }
}

const RTX_PAYLOAD_TYPE = 103;

function isStart(payload: Buffer): boolean {
  return (payload.readUInt8(0) & 0x1f) !== 28 || (payload.readUInt8(1) & 0x80) !== 0;
}
