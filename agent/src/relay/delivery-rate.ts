/** How things stood when a packet was sent. */
interface Departure {
  readonly total: number;
  /** What had arrived by then, and when the last of that was told. */
  readonly acked: number;
  readonly fromMs: number;
  readonly isMoreWaiting: boolean;
}

const WINDOW_MS = 2_000;
/** A shorter time between two reports measures the scheduler, not the path. */
const SHORTEST_MS = 5;

/**
 * How fast a path delivers: for each packet, what arrived between its sending and the report of it. While the sender has
 * more waiting that is the path's own rate; else it is only the least that the path can do.
 */
export class DeliveryRate {
  #departures: Departure[] = [];
  #samples: { readonly atMs: number; readonly bitrate: number }[] = [];
  #bitrate: number;
  #lastAckMs: number | undefined;

  constructor(startBitrate: number) {
    this.#bitrate = startBitrate;
  }

  get bitrate(): number {
    return this.#bitrate;
  }

  sent(
    packet: { total: number; acked: number; wasIdle: boolean; isMoreWaiting: boolean },
    nowMs: number,
  ): void {
    const { total, acked, isMoreWaiting } = packet;
    const fromMs = packet.wasIdle ? nowMs : (this.#lastAckMs ?? nowMs);
    this.#departures.push({ total, acked, fromMs, isMoreWaiting });
  }

  acked(total: number, nowMs: number): void {
    let newest: Departure | undefined;
    while (this.#departures[0] && this.#departures[0].total <= total) newest = this.#departures.shift();
    this.#lastAckMs = nowMs;
    if (!newest) return;
    const tookMs = nowMs - newest.fromMs;
    if (tookMs < SHORTEST_MS) return;
    this.#take((8_000 * (total - newest.acked)) / tookMs, newest.isMoreWaiting, nowMs);
  }

  #take(bitrate: number, isThePaths: boolean, nowMs: number): void {
    if (!isThePaths && bitrate <= this.#bitrate) return;
    this.#samples = this.#samples.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);
    this.#samples.push({ atMs: nowMs, bitrate });
    this.#bitrate = Math.max(...this.#samples.map((sample) => sample.bitrate));
  }
}
