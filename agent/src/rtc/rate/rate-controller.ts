/** One packet as a transport feedback report tells of it. */
export interface PacketResult {
  readonly sentAtMs: number;
  readonly bytes: number;
  /** On the receiver's clock; null when it did not arrive. */
  readonly arrivedMs: number | null;
}

/**
 * Decides how fast one peer is sent to. Everything it knows comes in by these calls; times are monotonic ms of the
 * sender. Replaceable: the sender knows this interface alone.
 */
export interface RateController {
  /** What encoder output this path carries, in bits per second. */
  readonly targetBitrate: number;
  /** How fast queued packets of a large frame may leave, in bits per second. */
  readonly pacingBitrate: number;
  /** Last measured round trip in ms; a guess until one was measured. */
  readonly rttMs: number;
  packetSent(bytes: number, nowMs: number): void;
  transportFeedback(results: readonly PacketResult[], nowMs: number): void;
  receiverEstimate(bitrate: number, nowMs: number): void;
  roundTrip(rttMs: number): void;
  /** Called a few times a second, also when nothing arrives. */
  tick(nowMs: number): void;
}
