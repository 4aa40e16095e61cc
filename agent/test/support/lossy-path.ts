import dgram from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Candidate } from '@guruconnect/shared';

const VIDEO_PAYLOAD_TYPE = 102;

/** A UDP relay on loopback between an agent and a viewer that drops what the test says of the agent's packets. */
export class LossyPath {
  readonly #socket = dgram.createSocket('udp4');
  #agentPort = 0;
  #viewerPort = 0;
  lose: (packet: Buffer) => boolean = () => false;

  static async open(): Promise<LossyPath> {
    const path = new LossyPath();
    path.#socket.bind(0, '127.0.0.1');
    await once(path.#socket, 'listening');
    path.#socket.on('message', (packet, from) => path.#relay(packet, from.port));
    return path;
  }

  /** The agent's candidate as the viewer shall see it; the viewer's own must not be told to the agent. */
  through(candidate: Candidate): Candidate {
    const words = candidate.candidate.split(' ');
    this.#agentPort = Number(words[5]);
    words[5] = String((this.#socket.address() as AddressInfo).port);
    return { ...candidate, candidate: words.join(' ') };
  }

  close(): void {
    this.#socket.close();
  }

  #relay(packet: Buffer, fromPort: number): void {
    if (fromPort !== this.#agentPort) {
      this.#viewerPort = fromPort;
      this.#socket.send(packet, this.#agentPort, '127.0.0.1');
    } else if (!this.lose(packet)) this.#socket.send(packet, this.#viewerPort, '127.0.0.1');
  }
}

/** The number of a packet of pictures, SRTP or not (its header is not encrypted); undefined for anything else. */
export function rtpSequenceOf(packet: Buffer): number | undefined {
  const first = packet[0] ?? 0;
  const type = packet[1] ?? 0;
  if (first < 128 || first > 191 || (type & 0x7f) !== VIDEO_PAYLOAD_TYPE) return undefined;
  return packet.readUInt16BE(2);
}
