import type { Clock } from '../../core/clock.ts';
import type { Probe } from '../rate/rate-controller.ts';

/** A packet that waits for its turn; `source` is whose it is. */
export interface PacedPacket<Source> {
  readonly source: Source;
  readonly packet: Buffer;
}

/** What the path bears now. */
export interface Pacing {
  readonly pacingBitrate: number;
  readonly burstBytes: number;
  readonly windowBytes: number;
}

export interface PacketPacerDeps<Source> {
  readonly clock: Clock;
  readonly pacing: Pacing;
  /** Sent and not reported yet. */
  readonly inFlightBytes: () => number;
  readonly send: (packet: PacedPacket<Source>, probe: number | undefined) => void;
  /** Something to fill a probe with when nothing waits; undefined when there is nothing. */
  readonly fill: (bytes: number) => PacedPacket<Source> | undefined;
  /** The last packet that waited has left. */
  readonly onDrained: () => void;
}

const TICK_MS = 1;
/** A full window opens by a report, which drains at once; this is for the trickle. */
const BLOCKED_MS = 20;
/** With its window full the path still gets a packet now and then, so that it is noticed when it is back. */
const TRICKLE_MS = 100;

/**
 * Lets packets leave at the pace of the path: retransmissions first, then pictures in order. What is a burst for one
 * path is a second's worth for another, so the controller says how much may leave at once.
 */
export class PacketPacer<Source> {
  readonly #deps: PacketPacerDeps<Source>;
  #urgent: PacedPacket<Source>[] = [];
  #queue: PacedPacket<Source>[] = [];
  #queuedBytes = 0;
  #tokens: number;
  #filledAtMs: number;
  #lastSentMs = 0;
  #cancelTick: (() => void) | undefined;
  #tickDueMs = 0;
  #probe: (Probe & { startedMs: number; sentBytes: number; sentPackets: number }) | undefined;

  constructor(deps: PacketPacerDeps<Source>) {
    this.#deps = deps;
    this.#filledAtMs = deps.clock.monotonicMs();
    this.#tokens = deps.pacing.burstBytes;
  }

  /** How long what waits will take to leave. */
  get delayMs(): number {
    return (this.#queuedBytes * 8000) / this.#deps.pacing.pacingBitrate;
  }

  get isProbing(): boolean {
    return this.#probe !== undefined;
  }

  push(packets: readonly PacedPacket<Source>[], isUrgent = false): void {
    const queue = isUrgent ? this.#urgent : this.#queue;
    for (const one of packets) {
      queue.push(one);
      this.#queuedBytes += one.packet.length;
    }
    this.drain();
  }

  /** Sends at the probe's rate until it is complete, whatever the pace is otherwise. */
  startProbe(probe: Probe): void {
    if (this.#probe) return;
    this.#probe = { ...probe, startedMs: this.#deps.clock.monotonicMs(), sentBytes: 0, sentPackets: 0 };
    this.drain();
  }

  /** Forgets what has not left yet, all of it or one source's. */
  clear(source?: Source): void {
    const stays = (one: PacedPacket<Source>) => source !== undefined && one.source !== source;
    this.#urgent = this.#urgent.filter(stays);
    this.#queue = this.#queue.filter(stays);
    this.#queuedBytes = 0;
    for (const one of [...this.#urgent, ...this.#queue]) this.#queuedBytes += one.packet.length;
  }

  close(): void {
    this.clear();
    this.#probe = undefined;
    this.#cancelTick?.();
    this.#cancelTick = undefined;
  }

  /** Sends what may leave now; to be called when the window may have opened. */
  drain(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    const waited = this.#queuedBytes > 0;
    this.#refill(nowMs);
    this.#drainProbe(nowMs);
    let next = this.#urgent[0] ?? this.#queue[0];
    while (next && this.#mayLeave(next.packet.length, nowMs)) {
      this.#shift();
      this.#tokens -= next.packet.length;
      this.#lastSentMs = nowMs;
      this.#deps.send(next, undefined);
      next = this.#urgent[0] ?? this.#queue[0];
    }
    if (this.#probe || next) this.#schedule(this.#waitMs);
    if (waited && !next) this.#deps.onDrained();
  }

  /** Until there is something to do. */
  get #waitMs(): number {
    if (this.#probe) return TICK_MS;
    if (this.#tokens > 0) return BLOCKED_MS;
    const neededMs = (-this.#tokens * 8000) / this.#deps.pacing.pacingBitrate;
    return Math.max(TICK_MS, Math.min(BLOCKED_MS, Math.ceil(neededMs)));
  }

  #mayLeave(bytes: number, nowMs: number): boolean {
    if (this.#tokens <= 0) return false;
    if (this.#deps.inFlightBytes() + bytes <= this.#deps.pacing.windowBytes) return true;
    return nowMs - this.#lastSentMs >= TRICKLE_MS;
  }

  #drainProbe(nowMs: number): void {
    const probe = this.#probe;
    if (!probe) return;
    // The first packet leaves at once, and so begins the measured time.
    while (probe.sentBytes <= ((nowMs - probe.startedMs) * probe.bitrate) / 8000) {
      if (probe.sentBytes >= probe.bytes && probe.sentPackets >= probe.packets) {
        this.#probe = undefined;
        return;
      }
      const next = this.#shift() ?? this.#deps.fill(probe.bytes / probe.packets);
      if (!next) {
        this.#probe = undefined;
        return;
      }
      probe.sentBytes += next.packet.length;
      probe.sentPackets += 1;
      this.#tokens -= next.packet.length;
      this.#lastSentMs = nowMs;
      this.#deps.send(next, probe.id);
    }
  }

  #shift(): PacedPacket<Source> | undefined {
    const next = this.#urgent.shift() ?? this.#queue.shift();
    if (next) this.#queuedBytes -= next.packet.length;
    return next;
  }

  #schedule(ms: number): void {
    const dueMs = this.#deps.clock.monotonicMs() + ms;
    if (this.#cancelTick && this.#tickDueMs <= dueMs) return;
    this.#cancelTick?.();
    this.#tickDueMs = dueMs;
    this.#cancelTick = this.#deps.clock.after(ms, () => {
      this.#cancelTick = undefined;
      this.drain();
    });
  }

  #refill(nowMs: number): void {
    const { pacingBitrate, burstBytes } = this.#deps.pacing;
    const gained = ((nowMs - this.#filledAtMs) * pacingBitrate) / 8000;
    this.#tokens = Math.min(burstBytes, this.#tokens + gained);
    this.#filledAtMs = nowMs;
  }
}
