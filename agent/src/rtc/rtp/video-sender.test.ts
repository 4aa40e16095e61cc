import { beforeEach, describe, expect, it } from 'vitest';
import { depacketise, parseRtp } from '../../../test/support/depacketise.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { AimdController } from '../rate/aimd-controller.ts';
import { compactNtp } from '../rtcp/sender-report.ts';
import { VideoSender } from './video-sender.ts';

const SSRC = 42;
let clock: FakeClock;
let sent: Buffer[];
let keyFramesWanted: number;
let bitrates: number[];
let sender: VideoSender;

beforeEach(() => {
  clock = new FakeClock();
  sent = [];
  keyFramesWanted = 0;
  bitrates = [];
  sender = new VideoSender({
    clock,
    ssrc: SSRC,
    payloadType: 102,
    cname: 'screen',
    firstSequence: 65_530,
    rate: new AimdController(),
    send: (packet) => sent.push(Buffer.from(packet)),
    onKeyFrameWanted: () => {
      keyFramesWanted += 1;
    },
    onTargetBitrate: (bitrate) => bitrates.push(bitrate),
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
    sender.receiveRtcp(nack(65_531));
    expect(sent).toEqual([original]);
    expect(sender.stats.retransmitted).toBe(1);
  });

  it('asks for a key frame on PLI and FIR', () => {
    sender.receiveRtcp(Buffer.from([0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, SSRC]));
    sender.receiveRtcp(Buffer.from([0x84, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, SSRC, 1, 0, 0, 0]));
    expect(keyFramesWanted).toBe(2);
  });

  it('reports once a second what it has sent', () => {
    sender.sendFrame(frame(100, true, 9));
    sent.length = 0;
    clock.advance(3_000);
    expect(sent).toHaveLength(3);
    const report = sent[2];
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
    sender.receiveRtcp(report);
    expect(sender.stats.rttMs).toBeCloseTo(80, 0);
  });

  it('gives up a queue that has become old and goes on with a key frame', () => {
    const remb = Buffer.from([
      0x8f,
      206,
      0,
      5,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      0,
      0x52,
      0x45,
      0x4d,
      0x42,
      1,
      0x04,
      0x93,
      0xe0,
      0,
      0,
      0,
      SSRC,
    ]);
    sender.sendFrame(frame(400_000, true, 1));
    sender.receiveRtcp(remb); // about 37 kbit/s: the target falls to its floor
    expect(bitrates.at(-1)).toBe(300_000);
    expect(sender.sendFrame(frame(100, false, 2))).toBe(false);
    expect(keyFramesWanted).toBe(1);
    expect(sender.sendFrame(frame(100, false, 3))).toBe(false);
    expect(sender.sendFrame(frame(100, true, 4))).toBe(true);
    clock.advance(1000);
    expect(rtp().at(-1)?.timestamp).toBe(4);
  });
});
