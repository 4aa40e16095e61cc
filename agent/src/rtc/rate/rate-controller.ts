/** One packet as a transport feedback report tells of it. */
export interface PacketResult {
  readonly sentAtMs: number;
  /** On the wire, headers of every layer included. */
  readonly bytes: number;
  /** On the receiver's clock; null when it did not arrive. */
  readonly arrivedMs: number | null;
  /** The probe that it was sent for. */
  readonly probe?: number | undefined;
}

/** Packets sent at a given rate, to learn whether the path carries it. */
export interface Probe {
  readonly id: number;
  readonly bitrate: number;
  /** It is over when at least so much was sent. */
  readonly bytes: number;
  readonly packets: number;
}

/**
 * Decides how fast one peer is sent to. Everything it knows comes in by these calls; times are monotonic ms of the
 * sender. Replaceable: the transport knows this interface alone.
 */
export interface RateController {
  /** What this path carries, in bits per second on the wire. */
  readonly targetBitrate: number;
  /** How fast queued packets may leave, in bits per second. */
  readonly pacingBitrate: number;
  /** How much may leave at once after a pause. */
  readonly burstBytes: number;
  /** How much may be on its way without being reported. */
  readonly windowBytes: number;
  /** Last measured round trip in ms; a guess until one was measured. */
  readonly rttMs: number;
  /** Share of the packets of the last second that did not arrive, 0-1. */
  readonly lossRate: number;
  packetSent(bytes: number, nowMs: number): void;
  transportFeedback(results: readonly PacketResult[], nowMs: number): void;
  receiverEstimate(bitrate: number, nowMs: number): void;
  roundTrip(rttMs: number): void;
  /** What is known before anything was sent: an upper bound of the round trip. */
  roundTripAtMost(rttMs: number): void;
  /** Called every {@link CONTROLLER_TICK_MS}, also when nothing arrives, less often while nothing is under way; `inFlightBytes` are sent and not reported. */
  tick(nowMs: number, inFlightBytes: number): void;
  /** The probe that is due, if one is; it is sent by whoever takes it. */
  takeProbe(nowMs: number): Probe | undefined;
}

export const CONTROLLER_TICK_MS = 25;
