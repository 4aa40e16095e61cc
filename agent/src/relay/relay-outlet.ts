import type { Clock } from '../core/clock.ts';
import { type QueueClass, RelayQueue } from './relay-queue.ts';
import type { RelayRate } from './relay-rate.ts';

export interface RelayOutletDeps {
  readonly clock: Clock;
  readonly rate: RelayRate;
  readonly socket: { readonly bufferedBytes: number; send(packet: Uint8Array, sent: () => void): void };
  /** What waited has left. */
  readonly onDrained: () => void;
}

/** More than this in the socket's own buffer, and large pieces wait with us, where others can pass them. */
const MAX_BUFFERED_BYTES = 65_536;

/**
 * Sends packets in the right order: what is urgent at once, pictures and bulk data a piece at a time and no more than
 * the path holds, so that a key never waits for a picture.
 */
export class RelayOutlet {
  readonly #deps: RelayOutletDeps;
  readonly #queue = new RelayQueue();
  #wasBusy = false;

  constructor(deps: RelayOutletDeps) {
    this.#deps = deps;
  }

  get queuedBytes(): number {
    return this.#queue.bytes;
  }
  /** How long a picture would wait that is made now, in ms. */
  get queueMs(): number {
    return this.#deps.rate.queueMs(this.#queue.bytes);
  }

  urgent(packets: readonly Uint8Array[]): void {
    for (const packet of packets) this.#send(packet);
  }

  later(kind: QueueClass, packets: readonly Uint8Array[], onGone?: () => void): void {
    this.#queue.push(kind, packets, onGone);
    this.pump();
  }

  dropUnbegun(kind: QueueClass): number {
    return this.#queue.dropUnbegun(kind);
  }

  /** To be called when anything arrived or left. */
  pump(): void {
    const { rate, socket, onDrained } = this.#deps;
    while (rate.inFlightBytes < rate.windowBytes && socket.bufferedBytes < MAX_BUFFERED_BYTES) {
      const packet = this.#queue.shift();
      if (!packet) break;
      this.#send(packet);
    }
    const isBusy = this.queueMs > 0;
    if (this.#wasBusy && !isBusy) onDrained();
    this.#wasBusy = isBusy;
  }

  #send(packet: Uint8Array): void {
    const { clock, rate, socket } = this.#deps;
    rate.packetSent(packet.length, this.#queue.bytes > 0, clock.monotonicMs());
    socket.send(packet, () => {
      if (this.#queue.bytes > 0) this.pump();
    });
  }
}
