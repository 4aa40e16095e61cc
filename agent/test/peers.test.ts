import { type Candidate, CHANNELS, type ChannelLabel, type IceServer } from '@guruconnect/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../src/core/clock.ts';
import { toNodeIceServers } from '../src/rtc/ice-servers.ts';
import { MemoryPeers } from '../src/rtc/memory-peer.ts';
import { createNodePeers } from '../src/rtc/node-peer.ts';
import type { OpenPeer, Peer, PeerEvents, PeerState } from '../src/rtc/peer.ts';
import { PathController } from '../src/rtc/rate/path-controller.ts';
import { LossyPath, rtpSequenceOf } from './support/lossy-path.ts';
import { NodeViewer } from './support/node-viewer.ts';

/** Collects what a peer tells. */
class Recorder implements PeerEvents {
  readonly offers: string[] = [];
  readonly candidates: Candidate[] = [];
  readonly states: PeerState[] = [];
  readonly open: ChannelLabel[] = [];
  readonly messages: { label: ChannelLabel; data: string | Uint8Array }[] = [];
  videoOpen = 0;
  keyFramesWanted = 0;
  readonly keyFrameTracks: number[] = [];
  onCandidateNow: (candidate: Candidate) => void = () => {};

  onOffer(sdp: string): void {
    this.offers.push(sdp);
  }
  onCandidate(candidate: Candidate): void {
    this.candidates.push(candidate);
    this.onCandidateNow(candidate);
  }
  onState(state: PeerState): void {
    this.states.push(state);
  }
  onChannelOpen(label: ChannelLabel): void {
    this.open.push(label);
  }
  onMessage(label: ChannelLabel, data: string | Uint8Array): void {
    this.messages.push({ label, data });
  }
  onVideoOpen(): void {
    this.videoOpen += 1;
  }
  onKeyFrameWanted(track: number): void {
    this.keyFramesWanted += 1;
    this.keyFrameTracks.push(track);
  }
  onTargetBitrate(): void {}
  onDrained(): void {}
}

/** A peer and the far end of it, whatever lies between. */
interface Pair {
  readonly peer: Peer;
  readonly events: Recorder;
  answer(): Promise<string>;
  received(label: ChannelLabel): (string | Uint8Array)[];
  frames(): number;
  send(label: ChannelLabel, data: string | Uint8Array): void;
  isChannelClosed(label: ChannelLabel): boolean;
  askKeyFrame(): void;
  hangUp(): void;
}

const started: { close(): void }[] = [];
afterEach(() => {
  for (const one of started.splice(0)) one.close();
});

function memoryPair(): Pair {
  const peers = new MemoryPeers();
  const events = new Recorder();
  const peer = peers.open(
    { peerId: 'memory', transport: { kind: 'webrtc', iceServers: [] }, tracks: 1 },
    events,
  );
  const viewer = peers.viewer('memory');
  return {
    peer,
    events,
    answer: async () => viewer.answer(),
    received: (label) => viewer.messages.filter((one) => one.label === label).map((one) => one.data),
    frames: () => viewer.frames.length,
    send: (label, data) => viewer.send(label, data),
    isChannelClosed: (label) => viewer.closedChannels.includes(label),
    askKeyFrame: () => viewer.askKeyFrame(),
    hangUp: () => viewer.hangUp(),
  };
}

const openNodePeer: OpenPeer = createNodePeers({
  clock: systemClock,
  newRateController: () => new PathController(),
  bindAddress: '127.0.0.1',
});

function nodePair(tracks = 1): Pair & { viewer: NodeViewer } {
  const events = new Recorder();
  const peer = openNodePeer(
    { peerId: 'node', transport: { kind: 'webrtc', iceServers: [] }, tracks },
    events,
  );
  const viewer = new NodeViewer((candidate) => peer.addCandidate(candidate));
  events.onCandidateNow = ({ candidate, mid }) => viewer.connection.addRemoteCandidate(candidate, mid);
  started.push(peer, viewer);
  return {
    viewer,
    peer,
    events,
    answer: () => viewer.answer(events.offers[0] ?? ''),
    received: (label) =>
      viewer.messages
        .filter((one) => one.label === label)
        .map((one) => (typeof one.data === 'string' ? one.data : new Uint8Array(one.data))),
    frames: () => viewer.frames.length,
    send: (label, data) => viewer.send(label, data),
    isChannelClosed: (label) => viewer.closedChannels.includes(label),
    askKeyFrame: () => viewer.sendRtcp(Buffer.from([0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1])),
    hangUp: () => viewer.close(),
  };
}

async function connect<P extends Pair>(pair: P): Promise<P> {
  pair.peer.start();
  await vi.waitFor(() => expect(pair.events.offers).toHaveLength(1));
  pair.peer.applyAnswer(await pair.answer());
  await vi.waitFor(
    () => {
      expect(pair.events.open).toHaveLength(Object.keys(CHANNELS).length);
      expect(pair.events.videoOpen).toBe(1);
      expect(pair.events.states).toEqual(['connected']);
    },
    { timeout: 10_000 },
  );
  return pair;
}

const keyFrame = (rtpTimestamp: number, bytes = 10) => ({
  data: Buffer.concat([Buffer.of(0, 0, 0, 1, 0x65), Buffer.alloc(bytes, 3)]),
  keyFrame: true,
  rtpTimestamp,
});

const withoutRtx = (sdp: string) =>
  sdp.replaceAll(/^a=(rtpmap|fmtp):103 .*\r?\n/gm, '').replaceAll(/^(m=video .*) 103/gm, '$1');

function nackOf(sequences: readonly number[]): Buffer {
  const nack = Buffer.alloc(12 + 4 * sequences.length);
  nack.set([0x81, 205, 0, 2 + sequences.length, 0, 0, 0, 1, 0, 0, 0, 1]);
  for (const [index, sequence] of sequences.entries()) nack.writeUInt16BE(sequence, 12 + 4 * index);
  return nack;
}

describe.each([
  ['memory', memoryPair],
  ['node-datachannel', () => nodePair()],
])('a peer over %s', (_name, createPair: () => Pair) => {
  it('offers first, opens every channel and the video, and says so', async () => {
    const { events } = await connect(createPair());
    expect([...events.open].sort()).toEqual(Object.keys(CHANNELS).sort());
  });

  it('tells no candidate before it has the answer', async () => {
    const pair = createPair();
    pair.peer.start();
    await vi.waitFor(() => expect(pair.events.offers).toHaveLength(1));
    const answer = await pair.answer();
    expect(pair.events.candidates).toEqual([]);
    expect(pair.events.offers[0]).not.toContain('a=candidate');
    pair.peer.applyAnswer(answer);
    await vi.waitFor(() => expect(pair.events.candidates.length).toBeGreaterThan(0));
  });

  it('carries text and bytes both ways', async () => {
    const pair = await connect(createPair());
    expect(pair.peer.send('control', 'hello')).toBe(true);
    expect(pair.peer.send('frames', Uint8Array.of(1, 2, 3))).toBe(true);
    pair.send('control', '{"type":"ping"}');
    pair.send('input', Uint8Array.of(7, 0, 0, 0, 1));
    await vi.waitFor(() => {
      expect(pair.received('control')).toEqual(['hello']);
      expect(pair.received('frames')).toEqual([Uint8Array.of(1, 2, 3)]);
      expect(pair.events.messages).toHaveLength(2);
    });
    const input = pair.events.messages.find((one) => one.label === 'input');
    expect(Buffer.from(input?.data ?? '')).toEqual(Buffer.of(7, 0, 0, 0, 1));
  });

  it('sends pictures only once it is connected', async () => {
    const pair = createPair();
    expect(pair.peer.sendFrame(0, keyFrame(1))).toBe(false);
    await connect(pair);
    expect(pair.peer.sendFrame(0, keyFrame(2))).toBe(true);
    await vi.waitFor(() => expect(pair.frames()).toBe(1));
  });

  it('hears that a key frame is wanted', async () => {
    const pair = await connect(createPair());
    pair.askKeyFrame();
    await vi.waitFor(() => expect(pair.events.keyFramesWanted).toBe(1));
  });

  it('closes one channel and keeps the others', async () => {
    const pair = await connect(createPair());
    pair.peer.closeChannel('input');
    await vi.waitFor(() => expect(pair.isChannelClosed('input')).toBe(true));
    expect(pair.peer.send('control', 'still here')).toBe(true);
    await vi.waitFor(() => expect(pair.received('control')).toEqual(['still here']));
  });

  it('notices at once when the other side hangs up', async () => {
    const pair = await connect(createPair());
    pair.hangUp();
    await vi.waitFor(() => expect(pair.events.states.at(-1)).toBe('closed'), { timeout: 2_000 });
  });

  it('lets its last words leave when it closes, and tells nothing afterwards', async () => {
    const pair = await connect(createPair());
    pair.peer.send('control', 'bye');
    pair.peer.close();
    pair.peer.close();
    expect(pair.peer.send('control', 'too late')).toBe(false);
    expect(pair.peer.sendFrame(0, keyFrame(3))).toBe(false);
    await vi.waitFor(() => expect(pair.received('control')).toEqual(['bye']));
    expect(pair.events.states).toEqual(['connected']);
  });

  it('refuses an answer that is none', async () => {
    const pair = createPair();
    pair.peer.start();
    await vi.waitFor(() => expect(pair.events.offers).toHaveLength(1));
    expect(() => pair.peer.applyAnswer('nonsense')).toThrow('The answer is not usable.');
    pair.peer.close();
  });
});

describe('the node-datachannel peer', () => {
  it.each([
    ['on a stream of its own', (answer: string) => answer],
    ['as copies for a viewer that does not take that stream', withoutRtx],
  ])('brings a large key frame whole, sending again what got lost %s', async (_how, answerOf) => {
    const path = await LossyPath.open();
    started.push(path);
    const events = new Recorder();
    const peer = openNodePeer(
      { peerId: 'lossy', transport: { kind: 'webrtc', iceServers: [] }, tracks: 1 },
      events,
    );
    const viewer = new NodeViewer(() => {});
    started.push(peer, viewer);
    events.onCandidateNow = (own) => {
      const { candidate, mid } = path.through(own);
      viewer.connection.addRemoteCandidate(candidate, mid);
    };
    const lost: number[] = [];
    path.lose = (packet) => {
      const sequence = rtpSequenceOf(packet);
      if (sequence === undefined || sequence % 7 !== 0 || lost.includes(sequence)) return false;
      lost.push(sequence);
      return true;
    };
    peer.start();
    await vi.waitFor(() => expect(events.offers).toHaveLength(1));
    peer.applyAnswer(answerOf(await viewer.answer(events.offers[0] ?? '')));
    await vi.waitFor(() => expect(events.videoOpen).toBe(1), { timeout: 10_000 });

    // Fewer packets than this library's replay window as a receiver, 128, for which late ones would be too old.
    const frame = keyFrame(90_000, 140_000);
    peer.sendFrame(0, frame);
    await vi.waitFor(() => expect(lost.length).toBeGreaterThan(15), { timeout: 8_000 });
    await vi.waitFor(
      () => {
        viewer.sendRtcp(nackOf(lost));
        expect(viewer.frames).toHaveLength(1);
      },
      { timeout: 8_000, interval: 200 },
    );
    expect(viewer.frames[0]?.rtpTimestamp).toBe(90_000);
    expect(Buffer.concat(viewer.frames[0]?.nals ?? []).equals(frame.data.subarray(4))).toBe(true);
    expect(peer.stats.retransmitted).toBeGreaterThanOrEqual(lost.length);
    if (answerOf === withoutRtx) expect(viewer.retransmissions).toBe(0);
    else expect(viewer.retransmissions).toBeGreaterThanOrEqual(lost.length);
  });

  it('carries several pictures, each on a track, and hears of each', async () => {
    const pair = await connect(nodePair(3));
    const { viewer, peer, events } = pair;
    expect(viewer.tracks.map((track) => track.mid()).sort()).toEqual(['video', 'video1', 'video2']);
    for (const track of [0, 1, 2]) expect(peer.sendFrame(track, keyFrame(track + 1, 5_000))).toBe(true);
    expect(peer.sendFrame(3, keyFrame(4))).toBe(false);
    await vi.waitFor(() =>
      expect(viewer.frames.map((one) => `${one.mid} ${one.rtpTimestamp}`).sort()).toEqual([
        'video 1',
        'video1 2',
        'video2 3',
      ]),
    );
    const lines = (events.offers[0] ?? '').split('\r\n');
    const groups = lines.filter((line) => line.startsWith('a=ssrc-group:FID '));
    const second = Number(groups[1]?.split(' ')[1]);
    const pli = Buffer.from([0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0]);
    pli.writeUInt32BE(second, 8);
    // Feedback on one track may come in on any.
    viewer.sendRtcp(pli, 'video2');
    await vi.waitFor(() => expect(new Set(events.keyFrameTracks)).toEqual(new Set([1])));
  });

  it('offers H.264 for 1080p60 with feedback, header extensions and itself as DTLS server', async () => {
    const pair = nodePair();
    pair.peer.start();
    await vi.waitFor(() => expect(pair.events.offers).toHaveLength(1));
    const lines = (pair.events.offers[0] ?? '').split('\r\n');
    for (const line of [
      'a=rtpmap:102 H264/90000',
      'a=fmtp:102 profile-level-id=42e02a;packetization-mode=1;level-asymmetry-allowed=1',
      'a=rtcp-fb:102 nack',
      'a=rtcp-fb:102 nack pli',
      'a=rtcp-fb:102 goog-remb',
      'a=rtcp-fb:102 transport-cc',
      'a=rtpmap:103 RTX/90000',
      'a=fmtp:103 apt=102',
      'a=extmap:3 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
      'a=extmap:4 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
      'a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
      'a=setup:actpass',
      'a=sendonly',
    ]) {
      expect(lines).toContain(line);
    }
  });

  it('closes quietly in every stage of its life', async () => {
    const early = nodePair();
    early.peer.close();
    const offered = nodePair();
    offered.peer.start();
    offered.peer.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(offered.events.states).toEqual([]);
  });
});

describe('ICE servers', () => {
  const turn = (urls: string): IceServer => ({ urls, username: 'u', credential: 'p' });

  it('come in the form of the library, without those that it cannot use', () => {
    expect(
      toNodeIceServers([
        { urls: 'stun:stun.example.com' },
        turn('turn:turn.example.com:3479?transport=udp'),
        turn('turn:[2001:db8::1]:3478'),
        turn('turn:turn.example.com?transport=tcp'),
        turn('turns:turn.example.com:443'),
        { urls: 'turn:without.credentials.example.com' },
        { urls: 'http://nonsense' },
      ]),
    ).toEqual([
      { hostname: 'stun.example.com', port: 3478 },
      { hostname: 'turn.example.com', port: 3479, username: 'u', password: 'p', relayType: 'TurnUdp' },
      { hostname: '2001:db8::1', port: 3478, username: 'u', password: 'p', relayType: 'TurnUdp' },
    ]);
  });
});
