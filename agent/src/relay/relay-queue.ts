/** One message cut into packets, of which the first `next` have left. */
interface Waiting {
  readonly packets: readonly Uint8Array[];
  next: number;
  readonly onGone: (() => void) | undefined;
}

/** Pictures go before bulk data, a piece of one at a time. */
const CLASSES = ['picture', 'bulk'] as const;
export type QueueClass = (typeof CLASSES)[number];

/** What waits for its turn on a path that takes one packet after the other. */
export class RelayQueue {
  readonly #waiting: Record<QueueClass, Waiting[]> = { picture: [], bulk: [] };
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(kind: QueueClass, packets: readonly Uint8Array[], onGone?: () => void): void {
    this.#waiting[kind].push({ packets, next: 0, onGone });
    for (const packet of packets) this.#bytes += packet.length;
  }

  /** Takes the next packet off; undefined when nothing waits. */
  shift(): Uint8Array | undefined {
    for (const kind of CLASSES) {
      const [first] = this.#waiting[kind];
      const packet = first?.packets[first.next];
      if (!first || !packet) continue;
      first.next += 1;
      this.#bytes -= packet.length;
      if (first.next === first.packets.length) {
        this.#waiting[kind].shift();
        first.onGone?.();
      }
      return packet;
    }
    return undefined;
  }

  /** Forgets messages of which nothing has left yet; returns how many. The rest must go on: its end is awaited. */
  dropUnbegun(kind: QueueClass): number {
    const kept = this.#waiting[kind].filter(({ next }) => next > 0);
    const dropped = this.#waiting[kind].length - kept.length;
    this.#waiting[kind] = kept;
    this.#bytes = CLASSES.flatMap((one) => this.#waiting[one])
      .flatMap(({ packets, next }) => packets.slice(next))
      .reduce((sum, packet) => sum + packet.length, 0);
    return dropped;
  }
}
