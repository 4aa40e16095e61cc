import { RelayJoin, RelayPaired } from '@guruconnect/shared';
import { type RawData, WebSocket } from 'ws';
import * as z from 'zod/mini';
import { requestOptions, type WayOut } from '../proxy/way-out.ts';

export interface RelaySocketEvents {
  /** The viewer is there: packets pass from now on. */
  onPaired(): void;
  onPacket(packet: Uint8Array): void;
  /** Final, and told once, also when the relay was never reached. */
  onClosed(why: string): void;
}

export interface RelaySocketOptions extends WayOut {
  readonly url: string;
  readonly ticket: string;
}

const HANDSHAKE_TIMEOUT_MS = 8_000;
const MAX_MESSAGE_BYTES = 65_536;
const CLOSE_TIMEOUT_MS = 2_000;

/** The agent's WebSocket to a relay. */
export class RelaySocket {
  readonly #socket: WebSocket;
  #isPaired = false;
  #isOver = false;

  constructor({ url, ticket, ...way }: RelaySocketOptions, events: RelaySocketEvents) {
    this.#socket = new WebSocket(url, {
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_MESSAGE_BYTES,
      followRedirects: false,
      ...requestOptions(new URL(url), way),
    });
    let why = 'the relay is not reached';
    this.#socket.on('open', () => {
      why = 'the relay closed the connection';
      this.#socket.send(JSON.stringify(z.parse(RelayJoin, { v: 1, role: 'agent', ticket })));
    });
    this.#socket.on('message', (data, isBinary) => {
      if (!this.#isOver) this.#receive(data, isBinary, events);
    });
    this.#socket.on('error', (error) => {
      why = error.message;
    });
    this.#socket.on('close', (code, reason) => {
      if (this.#isOver) return;
      this.#isOver = true;
      events.onClosed(reason.length > 0 ? `${reason.toString('utf8')} (${code})` : `${why} (${code})`);
    });
  }

  /** What the kernel has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(packet: Uint8Array, sent: () => void): void {
    if (!this.#isOver) this.#socket.send(packet, { binary: true }, sent);
  }

  /** What was sent before still leaves; nothing is told any more. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.close(1000);
    setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT_MS).unref();
  }

  #receive(data: RawData, isBinary: boolean, events: RelaySocketEvents): void {
    // The library hands over one Buffer unless told otherwise.
    const bytes = data as Buffer;
    if (isBinary) {
      if (this.#isPaired) events.onPacket(bytes);
      return;
    }
    if (this.#isPaired || !isPaired(bytes.toString('utf8'))) return;
    this.#isPaired = true;
    events.onPaired();
  }
}

function isPaired(text: string): boolean {
  try {
    return z.safeParse(RelayPaired, JSON.parse(text)).success;
  } catch {
    return false;
  }
}
