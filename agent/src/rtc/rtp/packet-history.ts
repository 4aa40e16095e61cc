import { rtpSequence } from './rtp-packet.ts';

/** Divides the 65,536 sequence numbers, so that their wrap does not overwrite packets before their time. */
const CAPACITY = 1024;

interface Slot {
  readonly packet: Buffer;
  readonly firstSentMs: number;
  lastSentMs: number;
}

/** After so long a key frame helps more than one packet of the past. */
const MAX_AGE_MS = 2500;

/**
 * The last packets sent, for retransmission. A lost packet is sent again at most once in a round trip, and all
 * retransmissions together stay within a budget: on a narrow link they would otherwise crowd out the picture.
 */
export class PacketHistory {
  readonly #slots: (Slot | undefined)[];
  readonly #budget: RetransmissionBudget;

  constructor() {
    this.#slots = new Array(CAPACITY).fill(undefined);
    this.#budget = new RetransmissionBudget();
  }

  remember(packet: Buffer, nowMs: number): void {
    this.#slots[this.#index(rtpSequence(packet))] = {
      packet,
      firstSentMs: nowMs,
      lastSentMs: nowMs,
    };
  }

  /** It was sent once more without being asked for: who asks now did not know. */
  sentAgain(packet: Buffer, nowMs: number): void {
    const slot = this.#slots[this.#index(rtpSequence(packet))];
    if (slot?.packet === packet) slot.lastSentMs = nowMs;
  }

  /** The oldest number that will not be sent again, because the packet is forgotten or too old. */
  firstGivenUp(sequences: readonly number[], nowMs: number): number | undefined {
    return sequences.find((sequence) => {
      const slot = this.#slots[this.#index(sequence)];
      return !slot || rtpSequence(slot.packet) !== sequence || nowMs - slot.firstSentMs > MAX_AGE_MS;
    });
  }

  /**
   * The packets to send again now, byte for byte as they were: nothing in them may change (see `stampRtpPacket`).
   * `budgetBitrate` is what retransmissions may use in bits per second.
   */
  take(sequences: readonly number[], now: { nowMs: number; rttMs: number; budgetBitrate: number }): Buffer[] {
    const again: Buffer[] = [];
    for (const sequence of sequences) {
      const slot = this.#slots[this.#index(sequence)];
      if (!slot || rtpSequence(slot.packet) !== sequence) continue;
      if (now.nowMs - slot.firstSentMs > MAX_AGE_MS) continue;
      if (now.nowMs - slot.lastSentMs < now.rttMs) continue;
      if (!this.#budget.spend(slot.packet.length, now.nowMs, now.budgetBitrate)) break;
      slot.lastSentMs = now.nowMs;
      again.push(slot.packet);
    }
    return again;
  }

  #index(sequence: number): number {
    return sequence % this.#slots.length;
  }
}

/** A bucket that holds half a second of the allowed rate. */
class RetransmissionBudget {
  #tokens: number | undefined;
  #filledAtMs = 0;

  spend(bytes: number, nowMs: number, bitrate: number): boolean {
    const perMs = bitrate / 8000;
    const capacity = Math.max(perMs * 500, 16_000);
    const gained = this.#tokens === undefined ? capacity : (nowMs - this.#filledAtMs) * perMs;
    this.#tokens = Math.min(capacity, (this.#tokens ?? 0) + gained);
    this.#filledAtMs = nowMs;
    if (this.#tokens < bytes) return false;
    this.#tokens -= bytes;
    return true;
  }
}
