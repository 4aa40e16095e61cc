import { expect, it } from 'vitest';
import type { ChannelLabel } from '../control/control-messages.ts';
import { CHANNELS } from '../control/control-messages.ts';
import { decodeRelayAck, encodeRelayAck } from './relay-ack.ts';
import { MAX_CHANNEL_MESSAGE_BYTES, RelayAssembler } from './relay-assembler.ts';
import {
  ACK_LANE,
  labelOfLane,
  laneOf,
  laneOfTrack,
  readRelayPacket,
  relayPackets,
  trackOfLane,
} from './relay-packet.ts';
import { decodeRelayPicture, encodeRelayPicture } from './relay-picture.ts';

const labels = Object.keys(CHANNELS) as ChannelLabel[];

it('puts lane, text mark and last mark into the first byte', () => {
  expect(relayPackets(laneOf('control'), 'hi')).toEqual([Uint8Array.of(0xc0, 0x68, 0x69)]);
  expect(relayPackets(laneOfTrack(1), Uint8Array.of(1, 2, 3), 2)).toEqual([
    Uint8Array.of(0x11, 1, 2),
    Uint8Array.of(0x91, 3),
  ]);
  expect(relayPackets(laneOf('tiles'), new Uint8Array(0))).toEqual([Uint8Array.of(0x85)]);
});

it('gives every channel and every track a lane of its own', () => {
  const lanes = [...labels.map(laneOf), ...[0, 1, 2, 3].map(laneOfTrack), ACK_LANE];
  expect(new Set(lanes).size).toBe(lanes.length);
  for (const label of labels) expect(labelOfLane(laneOf(label))).toBe(label);
  expect(trackOfLane(laneOfTrack(3))).toBe(3);
  expect(trackOfLane(laneOf('tiles'))).toBeUndefined();
  expect(trackOfLane(20)).toBeUndefined();
});

it('brings mixed lanes back together, each in its order', () => {
  const assembler = new RelayAssembler();
  const picture = Uint8Array.from({ length: 50 }, (_, index) => index);
  const [first, second, ...rest] = relayPackets(laneOfTrack(0), picture, 10);
  const [text] = relayPackets(laneOf('control'), 'grüße');
  const out = [first, second, text, ...rest]
    .map((packet) => assembler.take(readRelayPacket(packet as Uint8Array)))
    .filter((message) => message !== undefined);
  expect(out).toEqual(['grüße', picture]);
});

it('refuses unknown lanes, endless messages, a change of kind, and text that is none', () => {
  const take = (...packets: number[][]) => {
    const assembler = new RelayAssembler();
    return packets.map((bytes) => assembler.take(readRelayPacket(Uint8Array.from(bytes))));
  };
  expect(() => take([])).toThrow(/empty/);
  expect(() => take([0x80 | 40, 1])).toThrow(/no known lane/);
  expect(() => take([0x01, 1], [0xc1, 1])).toThrow(/mixed up/);
  expect(() => take([0x01])).toThrow(/mixed up/);
  expect(() => take([0xc0, 0xff])).toThrow(/UTF-8/);
  const assembler = new RelayAssembler();
  const piece = { lane: laneOf('control'), isText: false, isLast: false, piece: new Uint8Array(65_536) };
  for (let sent = 0; sent < MAX_CHANNEL_MESSAGE_BYTES; sent += 65_536) assembler.take(piece);
  expect(() => assembler.take(piece)).toThrow(/too large/);
});

it('writes a report of arrival in 14 bytes and a picture behind 6', () => {
  const ack = { receivedBytes: 0xfffffffe, atMs: 1.5, waitingFrames: 300, stuckTracks: 2 };
  const bytes = encodeRelayAck(ack);
  expect(Buffer.from(bytes).toString('hex')).toBe('fffffffe3ff8000000000000ff02');
  expect(decodeRelayAck(bytes)).toEqual({ ...ack, waitingFrames: 255 });
  expect(() => decodeRelayAck(bytes.subarray(1))).toThrow(/cut short/);
  const picture = { track: 2, keyFrame: true, rtpTimestamp: 0x01020304, data: Uint8Array.of(9) };
  expect(Buffer.from(encodeRelayPicture(picture)).toString('hex')).toBe('02010102030409');
  expect(decodeRelayPicture(encodeRelayPicture(picture))).toEqual(picture);
  expect(() => decodeRelayPicture(new Uint8Array(5))).toThrow(/cut short/);
});

it('never throws anything but its own error, whatever comes', () => {
  // A seeded generator: a failure can be run again.
  let seed = 12_345;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed % below;
  };
  const assembler = new RelayAssembler();
  for (let round = 0; round < 20_000; round += 1) {
    const bytes = Uint8Array.from({ length: next(40) }, () => next(256));
    for (const read of [
      () => assembler.take(readRelayPacket(bytes)),
      () => decodeRelayAck(bytes),
      () => decodeRelayPicture(bytes),
    ]) {
      try {
        read();
      } catch (error) {
        expect(error).toMatchObject({ code: 'invalid-message' });
      }
    }
  }
});
