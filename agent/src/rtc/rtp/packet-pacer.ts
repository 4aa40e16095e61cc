import type { Clock } from '../../core/clock.ts';

/** Bytes that may leave at once: about 40 packets, which is most frames and well below a socket's buffer. */
const BURST_BYTES = 48_000;
const TICK_MS = 1;

/**
 * Lets frames leave as a burst up to a limit and spreads larger ones over the following milliseconds, so that a key
 * frame does not overflow the receiver's socket buffer (212 kB by default, counted with overhead: about 90 packets).
 */
export class PacketPacer {
  readonly #clock: Clock;
  readonly #send: (packet: Buffer) => void;
  #queue: Buffer[] = [];
  #queuedBytes = 0;
  #tokens = BURST_BYTES;
  #filledAtMs: number;
  #bytesPerMs = 0;
  #cancelTick: (() => void) | undefined;

  constructor(deps: { clock: Clock; bitrate: number; send: (packet: Buffer) => void }) {
    this.#clock = deps.clock;
    this.#send = deps.send;
    this.#filledAtMs = deps.clock.monotonicMs();
    this.setBitrate(deps.bitrate);
  }

  setBitrate(bitsPerSecond: number): void {
    this.#bytesPerMs = bitsPerSecond / 8000;
  }

  /** How long what is queued will take to leave. */
  get delayMs(): number {
    return this.#queuedBytes / this.#bytesPerMs;
  }

  push(packets: readonly Buffer[]): void {
    for (const packet of packets) {
      this.#queue.push(packet);
      this.#queuedBytes += packet.length;
    }
    this.#drain();
  }

  /** Forgets what has not left yet. */
  clear(): void {
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#cancelTick?.();
    this.#cancelTick = undefined;
  }

  #drain(): void {
    this.#refill();
    let sent = 0;
    for (const packet of this.#queue) {
      if (this.#tokens < packet.length) break;
      this.#tokens -= packet.length;
      this.#queuedBytes -= packet.length;
      this.#send(packet);
      sent += 1;
    }
    if (sent > 0) this.#queue.splice(0, sent);
    if (this.#queue.length > 0 && !this.#cancelTick) this.#schedule();
  }

  #schedule(): void {
    this.#cancelTick = this.#clock.after(TICK_MS, () => {
      this.#cancelTick = undefined;
      this.#drain();
    });
  }

  #refill(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#tokens = Math.min(BURST_BYTES, this.#tokens + (nowMs - this.#filledAtMs) * this.#bytesPerMs);
    this.#filledAtMs = nowMs;
  }
}
