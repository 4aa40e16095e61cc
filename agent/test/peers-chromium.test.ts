import type { Candidate } from '@guruconnect/shared';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../src/core/clock.ts';
import { createNodePeers } from '../src/rtc/node-peer.ts';
import type { Peer } from '../src/rtc/peer.ts';
import { PathController } from '../src/rtc/rate/path-controller.ts';
import { rtpTimestampOf } from '../src/rtc/rtp/video-sender.ts';
import { LossyPath, rtpSequenceOf } from './support/lossy-path.ts';

/** What a browser counts of one video stream. */
interface StreamCounts {
  readonly mid: string;
  readonly packetsReceived: number;
  readonly retransmittedPacketsReceived: number;
  readonly nackCount: number;
}

const ANSWER = `
  window.connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  window.held = [];
  window.answer = async (sdp) => {
    await connection.setRemoteDescription({ type: 'offer', sdp });
    connection.onicecandidate = ({ candidate }) => candidate && tellCandidate(candidate.candidate, candidate.sdpMid ?? '');
    await connection.setLocalDescription();
    return connection.localDescription.sdp;
  };
  window.counts = async () => [...(await connection.getStats()).values()]
    .filter((one) => one.type === 'inbound-rtp' && one.kind === 'video')
    .map(({ mid, packetsReceived = 0, retransmittedPacketsReceived = 0, nackCount = 0 }) =>
      ({ mid, packetsReceived, retransmittedPacketsReceived, nackCount }));
`;

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
});
afterAll(() => browser.close());

const started: { close(): void }[] = [];
afterEach(() => {
  for (const one of started.splice(0)) one.close();
});

/** A peer and a real browser, joined by a path that may lose what the peer sends. */
async function connect(tracks: number) {
  const path = await LossyPath.open();
  const page = await browser.newPage();
  const controller = new PathController();
  const state = { videoOpen: 0, offer: '' };
  const local: Candidate[] = [];
  const openPeer = createNodePeers({
    clock: systemClock,
    newRateController: () => controller,
    bindAddress: '127.0.0.1',
  });
  const peer: Peer = openPeer(
    {
      peerId: 'chromium',
      transport: { kind: 'webrtc', iceServers: [] },
      tracks,
    },
    {
      onOffer: (sdp) => {
        state.offer = sdp;
      },
      onSecured: () => {},
      onHandshakeFailed: () => {},
      onUnreadable: () => {},
      onCandidate: (candidate) => local.push(path.through(candidate)),
      onState: () => {},
      onChannelOpen: () => {},
      onMessage: () => {},
      onVideoOpen: () => {
        state.videoOpen += 1;
      },
      onKeyFrameWanted: () => {},
      onTargetBitrate: () => {},
      onDrained: () => {},
    },
  );
  started.push(peer, path);
  await page.exposeFunction('tellCandidate', () => {});
  await page.evaluate(ANSWER);
  peer.start();
  await vi.waitFor(() => expect(state.offer).not.toBe(''));
  const answer = await page.evaluate<string>(`answer(${JSON.stringify(state.offer)})`);
  peer.applyAnswer(answer);
  await vi.waitFor(() => expect(local.length).toBeGreaterThan(0));
  for (const { candidate, mid } of local) {
    const init = JSON.stringify({ candidate, sdpMid: mid });
    await page.evaluate(`connection.addIceCandidate(${init})`);
  }
  await vi.waitFor(() => expect(state.videoOpen).toBe(1), { timeout: 10_000 });
  return { path, page, peer, controller, answer };
}

const counts = (page: Page) => page.evaluate<StreamCounts[]>('counts()');

/** Sends pictures of 12 kB, 50 a second. */
async function play(peer: Peer, tracks: number, pictures: number): Promise<void> {
  for (let i = 0; i < pictures; i += 1) {
    for (let track = 0; track < tracks; track += 1) {
      const data = Buffer.concat([Buffer.of(0, 0, 0, 1, i === 0 ? 0x65 : 0x41), Buffer.alloc(12_000, 7)]);
      peer.sendFrame(track, {
        data,
        keyFrame: i === 0,
        rtpTimestamp: rtpTimestampOf(systemClock.monotonicMs()),
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a browser as the viewer', () => {
  it('takes retransmissions on their own stream and reports every packet', { timeout: 40_000 }, async () => {
    const { path, page, peer, controller, answer } = await connect(1);
    expect(answer).toMatch(/a=rtpmap:103 rtx\/90000/i);
    expect(answer).toMatch(/a=rtcp-fb:102 transport-cc/);
    let seen = 0;
    path.lose = (packet) => {
      if (rtpSequenceOf(packet) === undefined) return false;
      seen += 1;
      return seen > 50 && seen % 10 === 0;
    };
    await play(peer, 1, 150);
    await vi.waitFor(
      async () => {
        const [stream] = await counts(page);
        expect(stream?.retransmittedPacketsReceived).toBeGreaterThan(5);
        expect(stream?.nackCount).toBeGreaterThan(0);
      },
      { timeout: 8_000, interval: 200 },
    );
    expect(peer.stats.retransmitted).toBeGreaterThan(5);
    expect(controller.lossRate).toBeGreaterThan(0);
    expect(controller.rttMs).toBeLessThan(200);
  });

  it('takes several pictures over one connection', { timeout: 40_000 }, async () => {
    const { page, peer } = await connect(3);
    await play(peer, 3, 20);
    await vi.waitFor(
      async () => {
        const streams = await counts(page);
        expect(streams.map((one) => one.mid).sort()).toEqual(['video', 'video1', 'video2']);
        for (const stream of streams) expect(stream.packetsReceived).toBeGreaterThanOrEqual(200);
      },
      { timeout: 8_000, interval: 200 },
    );
  });
});
