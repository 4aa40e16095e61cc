import type { PacketResult, Probe } from './rate-controller.ts';

interface Pending {
  readonly probe: Probe;
  readonly takenAtMs: number;
  readonly packets: { sentAtMs: number; arrivedMs: number; bytes: number }[];
  reported: number;
}

export interface ProbeResult {
  readonly probe: Probe;
  /** How fast its packets came in, and never more than they were sent. */
  readonly bitrate: number;
}

/** Reports in which nothing of a probe stands any more end it; so does this time. */
const TIMEOUT_MS = 3000;
/** Lost packets of a probe are few or it has measured something else. */
const LEAST_SHARE = 0.75;
const LEAST_PACKETS = 4;

/** A receiver that looked elsewhere meanwhile has measured nothing: all came before or after one long gap. */
const STALL_MS = 10;
const STALL_SHARE = 0.6;

/** Measures how fast the packets of a probe came in. */
export class ProbeResults {
  #pending: Pending | undefined;

  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  begin(probe: Probe, nowMs: number): void {
    this.#pending = { probe, takenAtMs: nowMs, packets: [], reported: 0 };
  }

  /** Takes what was reported; the result once the probe is complete. */
  take(results: readonly PacketResult[], nowMs: number): ProbeResult | undefined {
    const pending = this.#pending;
    if (!pending) return undefined;
    let isPast = false;
    for (const { probe, sentAtMs, arrivedMs, bytes } of results) {
      if (probe === pending.probe.id) {
        pending.reported += 1;
        if (arrivedMs !== null) pending.packets.push({ sentAtMs, arrivedMs, bytes });
      } else if (pending.reported > 0) isPast = true;
    }
    const sentBytes = pending.packets.reduce((total, one) => total + one.bytes, 0);
    const isComplete = sentBytes >= pending.probe.bytes && pending.reported >= pending.probe.packets;
    if (isComplete || isPast) {
      this.#pending = undefined;
      return measure(pending);
    }
    this.expire(nowMs);
    return undefined;
  }

  expire(nowMs: number): void {
    if (this.#pending && nowMs - this.#pending.takenAtMs > TIMEOUT_MS) this.#pending = undefined;
  }
}

function measure({ probe, packets, reported }: Pending): ProbeResult | undefined {
  if (packets.length < LEAST_PACKETS || packets.length < LEAST_SHARE * reported) return undefined;
  let bytes = 0;
  const sent = { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
  const arrived = { ...sent };
  let lastSentBytes = 0;
  let firstArrivedBytes = 0;
  for (const one of packets) {
    bytes += one.bytes;
    if (one.arrivedMs < arrived.first) {
      arrived.first = one.arrivedMs;
      firstArrivedBytes = one.bytes;
    }
    arrived.last = Math.max(arrived.last, one.arrivedMs);
    sent.first = Math.min(sent.first, one.sentAtMs);
    if (one.sentAtMs >= sent.last) {
      sent.last = one.sentAtMs;
      lastSentBytes = one.bytes;
    }
  }
  if (longestGapMs(packets) > Math.max(STALL_MS, STALL_SHARE * (arrived.last - arrived.first)))
    return undefined;
  // The receiver's clock ticks in quarters of a ms.
  const sentRate = ((bytes - lastSentBytes) * 8000) / Math.max(0.25, sent.last - sent.first);
  const arrivedRate = ((bytes - firstArrivedBytes) * 8000) / Math.max(0.25, arrived.last - arrived.first);
  return { probe, bitrate: Math.min(sentRate, arrivedRate) };
}

function longestGapMs(packets: readonly { readonly arrivedMs: number }[]): number {
  let longestMs = 0;
  let beforeMs: number | undefined;
  for (const { arrivedMs } of packets) {
    if (beforeMs !== undefined) longestMs = Math.max(longestMs, arrivedMs - beforeMs);
    beforeMs = arrivedMs;
  }
  return longestMs;
}
