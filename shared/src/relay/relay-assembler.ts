import { GuruError } from '../errors.ts';
import { labelOfLane, type RelayPacket, trackOfLane } from './relay-packet.ts';

/** The same as a data channel carries at most. */
export const MAX_CHANNEL_MESSAGE_BYTES = 262_144;
/** A key frame of several 4K displays at the best quality stays below. */
export const MAX_VIDEO_MESSAGE_BYTES = 8_388_608;

interface Partial {
  readonly pieces: Uint8Array[];
  readonly isText: boolean;
  bytes: number;
}

/** Puts the pieces of each lane together again; holds at most one unfinished message a lane. */
export class RelayAssembler {
  readonly #partials = new Map<number, Partial>();

  /**
   * Returns the message that this packet completes, if it does; text as a string. Throws `invalid-message` for
   * unknown lanes, for messages that grow too large, and for text that is not UTF-8.
   */
  take(packet: RelayPacket): string | Uint8Array | undefined {
    const { lane, isText, isLast, piece } = packet;
    const limit = limitOf(lane);
    const partial = this.#partials.get(lane) ?? { pieces: [], isText, bytes: 0 };
    partial.bytes += piece.length;
    partial.pieces.push(piece);
    const isFault = partial.bytes > limit || partial.isText !== isText || (piece.length === 0 && !isLast);
    if (isLast || isFault) this.#partials.delete(lane);
    else this.#partials.set(lane, partial);
    if (isFault) throw GuruError.invalid('The message is too large or mixed up.');
    if (!isLast) return undefined;
    const whole = joined(partial);
    return isText ? decoded(whole) : whole;
  }
}

function limitOf(lane: number): number {
  if (trackOfLane(lane) !== undefined) return MAX_VIDEO_MESSAGE_BYTES;
  if (labelOfLane(lane) !== undefined) return MAX_CHANNEL_MESSAGE_BYTES;
  throw GuruError.invalid('The packet is of no known lane.');
}

function joined({ pieces, bytes }: Partial): Uint8Array {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw GuruError.invalid('The text is not UTF-8.', error);
  }
}
