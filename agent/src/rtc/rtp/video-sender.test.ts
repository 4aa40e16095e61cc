import { beforeEach, describe, expect, it } from 'vitest';
import { depacketise, parseRtp } from '../../../test/support/depacketise.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { encodeTransportFeedback } from '../../../test/support/path/transport-feedback.ts';
import type { PacketResult, Probe, RateController } from '../rate/rate-controller.ts';
import { compactNtp } from '../rtcp/sender-report.ts';
import { MediaTransport } from './media-transport.ts';
import { VideoSender } from './video-sender.ts';

const SSRC = 42;
let clock: FakeClock;
let sent: Buffer[];
let keyFramesWanted: number;
let bitrates: number[];
let transport: MediaTransport;
let sender: VideoSender;
let rate: StillPath;

/** A path whose properties the test sets. */
class StillPath implements RateController {
  targetBitrate = 6_000_000;
  pacingBitrate = 200_000_000;
  burstBytes = 48_000;
  windowBytes = Number.POSITIVE_INFINITY;
  rttMs = 50;
  lossRate = 0;
  readonly reported: PacketResult[] = [];
  packetSent(): void {}
  transportFeedback(results: readonly PacketResult[]): void {
    this.reported.push(...results);
  }
  receiverEstimate(bitrate: number): void {
    this.targetBitrate = bitrate;
  }
  roundTrip(rttMs: number): void {
    this.rttMs = rttMs;
  }
  roundTripAtMost(): void {}
  tick(): void {}
  takeProbe(): Probe | undefined {
    return undefined;
  }
}

beforeEach(() => {
  clock = new FakeClock();
  sent = [];
  keyFramesWanted = 0;
  bitrates = [];
  rate = new StillPath();
  transport = new MediaTransport({
    clock,
    rate,
    onTargetBitrate: (bitrate) => bitrates.push(bitrate),
    onDrained: () => {},
  });
  sender = new VideoSender({
    clock,
    transport,
    ssrc: SSRC,
    payloadType: 102,
    cname: 'screen',
    firstSequence: 65_530,
    send: (packet) => sent.push(Buffer.from(packet)),
    onKeyFrameWanted: () => {
      keyFramesWanted += 1;
    },
  });
});

function accessUnit(bytes: number, keyFrame: boolean): Buffer {
  return Buffer.concat([Buffer.of(0, 0, 0, 1, keyFrame ? 0x65 : 0x41), Buffer.alloc(bytes, 7)]);
}

const frame = (bytes: number, keyFrame: boolean, rtpTimestamp: number) => ({
  data: accessUnit(bytes, keyFrame),
  keyFrame,
  rtpTimestamp,
});
const rtp = () => sent.filter((packet) => (packet[1] ?? 0) !== 200).map(parseRtp);

function nack(...sequences: number[]): Buffer {
  const items = sequences.flatMap((sequence) => [sequence >> 8, sequence & 0xff, 0, 0]);
  return Buffer.from([0x81, 205, 0, 2 + sequences.length, 0, 0, 0, 1, 0, 0, 0, SSRC, ...items]);
}

describe('the video sender', () => {
  it('sends nothing before the first key frame', () => {
    expect(sender.sendFrame(frame(100, false, 1))).toBe(false);
    expect(sent).toHaveLength(0);
    expect(sender.sendFrame(frame(100, true, 2))).toBe(true);
    expect(sender.sendFrame(frame(100, false, 3))).toBe(true);
    expect(rtp().map((packet) => packet.timestamp)).toEqual([2, 3]);
  });

  it('numbers packets across the wrap and marks the last of a frame', () => {
    sender.sendFrame(frame(12_000, true, 9));
    const packets = rtp();
    expect(packets.map((packet) => packet.sequence)).toEqual(
      packets.map((_, index) => (65_530 + index) & 0xffff),
    );
    expect(packets.map((packet) => packet.marker)).toEqual(packets.map((_, i) => i === packets.length - 1));
    expect(depacketise(packets.map((packet) => packet.payload))).toEqual([
      accessUnit(12_000, true).subarray(4),
    ]);
    expect(packets.map((packet) => packet.extensions.get(4)?.readUInt16BE(0))).toEqual(
      packets.map((_, i) => i),
    );
    for (const packet of sent) expect(packet.length).toBeLessThanOrEqual(1200);
  });

  it('answers a NACK with the same bytes: nothing under one SRTP nonce may change', () => {
    sender.sendFrame(frame(3_000, true, 9));
    const original = sent[1];
    clock.advance(200);
    sent.length = 0;
    transport.receiveRtcp(nack(65_531));
    expect(sent).toEqual([original]);
    expect(sender.stats.retransmitted).toBe(1);
  });

  it('asks for a key frame on PLI and FIR', () => {
    transport.receiveRtcp(Buffer.from([0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, SSRC]));
    transport.receiveRtcp(Buffer.from([0x84, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, SSRC, 1, 0, 0, 0]));
    expect(keyFramesWanted).toBe(2);
  });

  it('reports what it has sent within a second, and each five while nothing more is sent', () => {
    sender.sendFrame(frame(100, true, 9));
    sent.length = 0;
    clock.advance(3_000);
    expect(sent).toHaveLength(1);
    clock.advance(3_000);
    expect(sent).toHaveLength(2);
    const report = sent[1];
    expect(report?.[1]).toBe(200);
    expect(report?.readUInt32BE(16)).toBe(Math.round(clock.monotonicMs() * 90) >>> 0);
    expect(report?.readUInt32BE(20)).toBe(1);
    expect(report?.readUInt32BE(24)).toBe(101);
  });

  it('measures the round trip from what a receiver echoes', () => {
    const report = Buffer.alloc(32);
    report.set([0x81, 201, 0, 7, 0, 0, 0, 1, 0, 0, 0, SSRC]);
    report.writeUInt32BE(compactNtp(clock.now()), 24);
    report.writeUInt32BE(65_536 / 2, 28); // held for half a second
    clock.advance(580);
    transport.receiveRtcp(report);
    expect(sender.stats.rttMs).toBeCloseTo(80, 0);
  });

  it('sends again on a stream of its own, with numbers of its own, when the receiver takes that', () => {
    sender.retransmitOn({ payloadType: 103, ssrc: 43 }, 1000);
    sender.sendFrame(frame(3_000, true, 9));
    const original = sent[1] ?? Buffer.alloc(0);
    clock.advance(200);
    sent.length = 0;
    transport.receiveRtcp(nack(65_531));
    const [again] = rtp();
    expect(again).toMatchObject({ sequence: 1000, timestamp: 9, marker: false });
    expect(sent[0]?.readUInt32BE(8)).toBe(43);
    expect((sent[0]?.[1] ?? 0) & 0x7f).toBe(103);
    expect(again?.extensions.get(4)?.readUInt16BE(0)).toBe(3);
    expect(again?.payload.readUInt16BE(0)).toBe(65_531);
    expect(again?.payload.subarray(2).equals(original.subarray(28))).toBe(true);
    // Not twice within a round trip.
    transport.receiveRtcp(nack(65_531));
    expect(rtp()).toHaveLength(1);
  });

  it('sends the end of a picture twice on a path that loses packets, when nothing follows', () => {
    sender.retransmitOn({ payloadType: 103, ssrc: 43 }, 1000);
    sender.sendFrame(frame(100, true, 9));
    clock.advance(100);
    expect(rtp()).toHaveLength(1);
    rate.lossRate = 0.02;
    sender.sendFrame(frame(100, false, 10));
    clock.advance(900);
    expect(rtp().map((packet) => packet.timestamp)).toEqual([9, 10, 10]);
  });

  /** Says that packets arrived, a ms apart. */
  function answer(base: number, count: number): void {
    const arrivals = Array.from({ length: count }, (_, i) => 100 + i);
    transport.receiveRtcp(encodeTransportFeedback(base, arrivals, base));
  }

  it('sends the newest packet once more while nothing is answered, and stops when it is', () => {
    sender.retransmitOn({ payloadType: 103, ssrc: 43 }, 1000);
    sender.sendFrame(frame(100, true, 9));
    clock.advance(2_000);
    expect(rtp()).toHaveLength(1);
    answer(0, 1);
    sender.sendFrame(frame(100, false, 10));
    clock.advance(1_900);
    expect(rtp().map((packet) => packet.timestamp)).toEqual([9, 10, 10, 10, 10, 10, 10]);
    answer(1, 6);
    sent.length = 0;
    clock.advance(10_000);
    expect(rtp()).toHaveLength(0);
  });

  it('sends every packet twice where many get lost, and leaves room for that', () => {
    sender.retransmitOn({ payloadType: 103, ssrc: 43 }, 1000);
    sender.sendFrame(frame(100, true, 9));
    rate.lossRate = 0.05;
    transport.tellBitrate();
    expect(bitrates.at(-1)).toBe(3_000_000);
    sent.length = 0;
    sender.sendFrame(frame(3_000, false, 10));
    expect(rtp()).toHaveLength(3);
    clock.advance(30);
    expect(rtp().map((packet) => packet.ssrc)).toEqual([SSRC, SSRC, SSRC, 43, 43, 43]);
    expect(rtp()[4]?.payload.readUInt16BE(0)).toBe(rtp()[1]?.sequence);
    rate.lossRate = 0.005;
    transport.tellBitrate();
    expect(bitrates.at(-1)).toBe(6_000_000);
  });

  it('asks for a key frame when what is missing is too old to be sent again, unless one came since', () => {
    sender.sendFrame(frame(100, true, 9));
    sender.sendFrame(frame(100, false, 10));
    clock.advance(5_000);
    transport.receiveRtcp(nack(65_531));
    expect(sender.stats.retransmitted).toBe(0);
    expect(keyFramesWanted).toBe(1);
    expect(sender.sendFrame(frame(100, false, 11))).toBe(false);
    sender.sendFrame(frame(100, true, 12));
    transport.receiveRtcp(nack(65_531));
    expect(keyFramesWanted).toBe(1);
  });

  it('begins anew rather than repair what takes longer than a key frame', () => {
    sender.retransmitOn({ payloadType: 103, ssrc: 43 }, 1000);
    rate.pacingBitrate = 100_000_000;
    sender.sendFrame(frame(200_000, true, 9));
    clock.advance(100);
    rate.pacingBitrate = 1_000_000;
    sent.length = 0;
    transport.receiveRtcp(nack(...Array.from({ length: 100 }, (_, i) => (65_530 + i) & 0xffff)));
    expect(sent).toHaveLength(0);
    expect(keyFramesWanted).toBe(1);
    expect(sender.sendFrame(frame(100, false, 10))).toBe(false);
    expect(sender.sendFrame(frame(100, true, 11))).toBe(true);
  });

  it('tells the controller once of each packet, whichever track the report came in on', () => {
    sender.sendFrame(frame(2_000, true, 9));
    answer(0, 2);
    answer(0, 2);
    expect(rate.reported.map((one) => one.arrivedMs)).toEqual([100, 101]);
    expect(rate.reported[0]?.bytes).toBeGreaterThan(1200);
  });

  it('leaves pictures out while too much waits, then asks for a key frame', () => {
    rate.pacingBitrate = 800_000;
    rate.burstBytes = 2_000;
    sender.sendFrame(frame(100_000, true, 1)); // a second's worth
    expect(sender.sendFrame(frame(100, false, 2))).toBe(false);
    expect(sender.sendFrame(frame(100, true, 3))).toBe(false);
    expect(keyFramesWanted).toBe(0);
    clock.advance(1_200);
    expect(keyFramesWanted).toBe(1);
    expect(sender.sendFrame(frame(100, false, 4))).toBe(false);
    expect(sender.sendFrame(frame(100, true, 5))).toBe(true);
    expect(rtp().at(-1)?.timestamp).toBe(5);
  });

  it('gives up pictures that have become old in the queue and goes on with a key frame', () => {
    rate.pacingBitrate = 8_000_000;
    rate.burstBytes = 2_000;
    sender.sendFrame(frame(1_000, true, 1));
    sender.sendFrame(frame(400_000, false, 2));
    rate.pacingBitrate = 300_000;
    expect(sender.sendFrame(frame(100, false, 3))).toBe(false);
    expect(keyFramesWanted).toBe(1);
    expect(sender.sendFrame(frame(100, false, 4))).toBe(false);
    expect(sender.sendFrame(frame(100, true, 5))).toBe(true);
    clock.advance(1000);
    expect(rtp().at(-1)?.timestamp).toBe(5);
  });

  it('lets a key frame leave on a path that is slow for it, and asks for further ones seldom', () => {
    rate.pacingBitrate = 400_000;
    rate.burstBytes = 2_000;
    let answered = 0;
    for (let second = 0; second < 60; second += 1) {
      // A spectator of somebody with a fast path: four seconds' worth in a key frame, a second's in the rest.
      const isKey = second === 0 || keyFramesWanted > answered;
      sender.sendFrame(frame(isKey ? 200_000 : 50_000, isKey, 90_000 * (second + 1)));
      answered = keyFramesWanted;
      clock.advance(1000);
    }
    expect(keyFramesWanted).toBeGreaterThanOrEqual(3);
    expect(keyFramesWanted).toBeLessThanOrEqual(8);
    expect(rtp().filter((packet) => packet.marker).length).toBeGreaterThanOrEqual(3);
  });

  it('tells of a new target when it differs', () => {
    const remb = [0x8f, 206, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0, 0x52, 0x45, 0x4d, 0x42, 1, 0x04, 0x93, 0xe0];
    transport.receiveRtcp(Buffer.from([...remb, 0, 0, 0, SSRC]));
    expect(bitrates).toEqual([75_712]);
  });
});
