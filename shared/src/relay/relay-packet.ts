import { CHANNELS, type ChannelLabel, MAX_VIDEO_TRACKS } from '../control/control-messages.ts';
import { GuruError } from '../errors.ts';

/**
 * One binary message on the way through a relay: one header byte, then a piece of a message of one lane. Bits 0-5 of
 * the header are the lane, bit 6 says text, bit 7 marks the last piece. Pieces of one lane follow one another in
 * order; pieces of different lanes mix, so that nothing waits behind a large picture. An empty message of the viewer on
 * `tiles`, where only the agent has something to say, asks for no more of them.
 */
export interface RelayPacket {
  readonly lane: number;
  readonly isText: boolean;
  readonly isLast: boolean;
  readonly piece: Uint8Array;
}

/** Numbers of the data channels; never change one, only add. */
const LANES: Readonly<Record<ChannelLabel, number>> = {
  control: 0,
  input: 1,
  move: 2,
  cursor: 3,
  frames: 4,
  tiles: 5,
};
const LABELS = new Map<number, ChannelLabel>(
  (Object.keys(CHANNELS) as ChannelLabel[]).map((label) => [LANES[label], label]),
);
const FIRST_VIDEO_LANE = 16;
/** Reports of arrival, which never leave the two pipes. */
export const ACK_LANE = 63;

const LANE_BITS = 0x3f;
const TEXT_BIT = 0x40;
const LAST_BIT = 0x80;

/** Largest piece: at 1 Mbit/s it takes an eighth of a second that others wait for. */
export const RELAY_PIECE_BYTES = 16_384;

export function laneOf(label: ChannelLabel): number {
  return LANES[label];
}
export function labelOfLane(lane: number): ChannelLabel | undefined {
  return LABELS.get(lane);
}
export function laneOfTrack(track: number): number {
  return FIRST_VIDEO_LANE + track;
}
export function trackOfLane(lane: number): number | undefined {
  const track = lane - FIRST_VIDEO_LANE;
  return track >= 0 && track < MAX_VIDEO_TRACKS ? track : undefined;
}

/** The packets of one message, at least one. */
export function relayPackets(
  lane: number,
  message: string | Uint8Array,
  pieceBytes = RELAY_PIECE_BYTES,
): Uint8Array<ArrayBuffer>[] {
  const isText = typeof message === 'string';
  const bytes = isText ? new TextEncoder().encode(message) : message;
  const packets: Uint8Array<ArrayBuffer>[] = [];
  for (let start = 0; start === 0 || start < bytes.length; start += pieceBytes) {
    const piece = bytes.subarray(start, start + pieceBytes);
    const packet = new Uint8Array(1 + piece.length);
    const isLast = start + pieceBytes >= bytes.length;
    packet[0] = lane | (isText ? TEXT_BIT : 0) | (isLast ? LAST_BIT : 0);
    packet.set(piece, 1);
    packets.push(packet);
  }
  return packets;
}

/** Reads one packet; the piece is a view into it. Throws `invalid-message` on an empty one. */
export function readRelayPacket(packet: Uint8Array): RelayPacket {
  const header = packet[0];
  if (header === undefined) throw GuruError.invalid('The packet is empty.');
  return {
    lane: header & LANE_BITS,
    isText: (header & TEXT_BIT) !== 0,
    isLast: (header & LAST_BIT) !== 0,
    piece: packet.subarray(1),
  };
}
