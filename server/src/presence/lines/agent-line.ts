import {
  encodePresenceFrame,
  type GuruError,
  PRESENCE_FRAMES,
  type PresenceMessage,
  presenceRefusalFrame,
  toWireError,
} from '@guruconnect/shared';
import type { WebSocket } from 'ws';

/**
 * `opened`: the WebSocket stands. `connected`: the namespace is open. `known`: it said which machine it is.
 * `challenged`: it was asked to prove that. `proved`: it did, and waits until nobody else holds the machine's line.
 * `online`: it is the machine's line. `closing`: no more is heard from it.
 */
export type LineState = 'opened' | 'connected' | 'known' | 'challenged' | 'proved' | 'online' | 'closing';

/** Bytes that may wait for an agent that does not read; it is asked little, so more means that it is gone. */
const MAX_UNSENT_BYTES = 64 * 1024;
const WENT_AWAY = 1001;
const FINE = 1000;

/**
 * One connection of an always-on agent. Thousands of them lie idle, so it holds only what an idle one needs; time and
 * rules are {@link LineServer}'s.
 */
export class AgentLine {
  state: LineState = 'opened';
  machineId = '';
  /** The challenge that is not answered yet; one at a time. */
  nonce: string | null = null;
  /** When the next ping is due. */
  pingAt = Number.POSITIVE_INFINITY;
  /** When the line is given up unless something comes before. */
  deadline: number;
  /** It broke off without a word: perhaps a short cut, and the agent is back in a second. */
  brokeOff = false;
  readonly address: string;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket, address: string, deadline: number) {
    this.#socket = socket;
    this.address = address;
    this.deadline = deadline;
  }

  get isOnline(): boolean {
    return this.state === 'online';
  }

  get isClosing(): boolean {
    return this.state === 'closing';
  }

  /** Sends one frame; false when the line cannot take any. */
  send(frame: string): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN) return false;
    if (this.#socket.bufferedAmount > MAX_UNSENT_BYTES) return false;
    this.#socket.send(frame);
    return true;
  }

  tell(message: PresenceMessage): boolean {
    return this.send(encodePresenceFrame(message));
  }

  /** Says why, and closes. */
  refuse(error: GuruError): void {
    this.send(presenceRefusalFrame(toWireError(error)));
    this.close();
  }

  /** Closes in order; the agent comes back by itself. */
  goAway(): void {
    this.state = 'closing';
    this.#socket.close(WENT_AWAY);
  }

  close(): void {
    this.state = 'closing';
    this.#socket.close(FINE);
  }

  ping(): void {
    this.send(PRESENCE_FRAMES.ping);
  }

  /** Cuts it at once: whoever is there does not answer. */
  cut(): void {
    this.state = 'closing';
    this.#socket.terminate();
  }
}
