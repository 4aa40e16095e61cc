import { CHANNELS, type ChannelLabel, laneOfTrack, RELAY_SDP, relayBinding } from '@guruconnect/shared';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../src/core/clock.ts';
import { createRelayPeers } from '../src/relay/relay-peer.ts';
import type { Peer, PeerEvents, PeerSeal, PeerState } from '../src/rtc/peer.ts';
import { startTestRelay, type TestRelay } from './support/relay-process.ts';
import { RelayViewer } from './support/relay-viewer.ts';
import { randomBytes, seededRandom } from './support/seeded-random.ts';
import { selfSigned } from './support/self-signed.ts';

const LABELS = Object.keys(CHANNELS) as ChannelLabel[];
/** Shows that a picture was sealed, and how. */
const OPEN_SEAL: PeerSeal = { seal: (_label, data) => data, open: (_label, data) => data };

const DEAF: PeerEvents = {
  onOffer: () => undefined,
  onCandidate: () => undefined,
  onState: () => undefined,
  onChannelOpen: () => undefined,
  onMessage: () => undefined,
  onVideoOpen: () => undefined,
  onKeyFrameWanted: () => undefined,
  onTargetBitrate: () => undefined,
  onDrained: () => undefined,
};

let relay: TestRelay;
let ticket: string;
let peer: Peer;
let states: PeerState[];
let opened: ChannelLabel[];
let messages: (readonly [ChannelLabel, string | Uint8Array])[];
let bitrates: number[];
let wantedOn: number[];
let drained: number;

beforeAll(async () => {
  relay = await startTestRelay();
});
afterAll(() => relay.close());

beforeEach(() => {
  ticket = relay.ticket();
  states = [];
  opened = [];
  messages = [];
  bitrates = [];
  wantedOn = [];
  drained = 0;
  const events: PeerEvents = {
    onOffer: (sdp) => expect(sdp).toBe(RELAY_SDP),
    onCandidate: () => expect.unreachable('there are none'),
    onState: (state) => states.push(state),
    onChannelOpen: (label) => opened.push(label),
    onMessage: (label, data) => messages.push([label, data]),
    onVideoOpen: () => undefined,
    onKeyFrameWanted: (track) => wantedOn.push(track),
    onTargetBitrate: (bitrate) => bitrates.push(bitrate),
    onDrained: () => {
      drained += 1;
    },
  };
  const open = createRelayPeers({ clock: systemClock, serverOrigin: 'http://127.0.0.1:1' });
  peer = open({ peerId: 'peer', transport: { kind: 'relay', url: relay.url, ticket }, tracks: 2 }, events);
  peer.start();
});
afterEach(() => peer.close());

const frame = (keyFrame: boolean, bytes: number, rtpTimestamp = 0) => ({
  data: Buffer.alloc(bytes, 0x65),
  keyFrame,
  rtpTimestamp,
});

async function goUp(): Promise<RelayViewer> {
  const viewer = await RelayViewer.join(relay.url, ticket);
  peer.applyAnswer(RELAY_SDP);
  await vi.waitFor(() => expect(states).toEqual(['connected']));
  peer.secured?.(OPEN_SEAL);
  return viewer;
}

it('is up when the viewer is there and has answered, and both ends are bound to the ticket', async () => {
  await RelayViewer.join(relay.url, ticket);
  await vi.waitFor(() => expect(peer.canSend('control')).toBe(false));
  expect(states).toEqual([]);
  peer.applyAnswer(RELAY_SDP);
  await vi.waitFor(() => expect(states).toEqual(['connected']));
  expect(opened).toEqual(LABELS);
  expect(peer.binding).toEqual({ agent: relayBinding(ticket), viewer: relayBinding(ticket) });
});

it('refuses an answer that is meant for another kind of peer', () => {
  expect(() => peer.applyAnswer('v=0')).toThrow(/not usable/);
});

it('carries every channel both ways, and what came before the answer', async () => {
  const viewer = await RelayViewer.join(relay.url, ticket);
  viewer.send('control', 'proof');
  viewer.send('input', Uint8Array.of(1, 2));
  viewer.send('move', Uint8Array.of(3));
  peer.applyAnswer(RELAY_SDP);
  await vi.waitFor(() => expect(messages).toHaveLength(3));
  expect(messages).toEqual([
    ['control', 'proof'],
    ['input', Buffer.of(1, 2)],
    ['move', Buffer.of(3)],
  ]);
  const large = new Uint8Array(100_000).fill(5);
  for (const label of LABELS) expect(peer.send(label, label === 'tiles' ? large : label)).toBe(true);
  await vi.waitFor(() => expect(viewer.heard).toHaveLength(LABELS.length));
  expect(viewer.heard.find(({ label }) => label === 'tiles')?.data).toEqual(large);
  for (const label of LABELS.filter((one) => one !== 'tiles')) {
    expect(viewer.heard).toContainEqual({ label, data: label });
  }
});

it('sends no picture before it can be sealed, then whole ones on their track', async () => {
  const viewer = await RelayViewer.join(relay.url, ticket);
  peer.applyAnswer(RELAY_SDP);
  await vi.waitFor(() => expect(states).toEqual(['connected']));
  expect(peer.sendFrame(0, frame(true, 10))).toBe(false);
  const sealed: string[] = [];
  peer.secured?.({
    ...OPEN_SEAL,
    seal: (label, data) => {
      sealed.push(label);
      return data;
    },
  });
  expect(peer.sendFrame(0, frame(false, 10))).toBe(false);
  expect(peer.sendFrame(0, frame(true, 60_000, 90))).toBe(true);
  expect(peer.sendFrame(1, frame(true, 5, 180))).toBe(true);
  expect(peer.sendFrame(2, frame(true, 5))).toBe(false);
  await vi.waitFor(() => expect(viewer.pictures).toHaveLength(2));
  expect(sealed).toEqual(['video', 'video']);
  expect(viewer.pictures[0]).toMatchObject({ track: 0, keyFrame: true, rtpTimestamp: 90 });
  expect(viewer.pictures[0]?.data.length).toBe(60_000);
  expect(viewer.pictures[1]).toMatchObject({ track: 1, lane: laneOfTrack(1), rtpTimestamp: 180 });
});

it('lets a key pass a large picture that a viewer takes its time with', async () => {
  const viewer = await goUp();
  viewer.acknowledges = false;
  expect(peer.sendFrame(0, frame(true, 2_000_000))).toBe(true);
  expect(peer.send('cursor', 'quick')).toBe(true);
  await vi.waitFor(() => expect(viewer.heard).toHaveLength(1));
  // What the path holds was sent; the rest waits until it is told that this arrived.
  expect(viewer.pictures).toHaveLength(0);
  expect(peer.queueMs).toBeGreaterThan(1_000);
  viewer.acknowledges = true;
  viewer.acknowledge();
  await vi.waitFor(() => expect(viewer.pictures).toHaveLength(1));
  await vi.waitFor(() => expect(drained).toBe(1));
  expect(peer.queueMs).toBe(0);
});

it('leaves pictures out while the path is full, and asks for a key frame when it has caught up', async () => {
  const viewer = await goUp();
  viewer.acknowledges = false;
  expect(peer.sendFrame(0, frame(true, 500_000))).toBe(true);
  expect(peer.sendFrame(0, frame(false, 1_000))).toBe(false);
  expect(peer.sendFrame(0, frame(true, 1_000))).toBe(false);
  expect(wantedOn).toEqual([]);
  viewer.acknowledges = true;
  viewer.acknowledge();
  await vi.waitFor(() => expect(wantedOn).toEqual([0]));
  expect(peer.sendFrame(0, frame(false, 1_000))).toBe(false);
  expect(peer.sendFrame(0, frame(true, 1_000))).toBe(true);
  expect(peer.stats.droppedFrames).toBe(3);
});

it('asks for a key frame on the track whose decoder is stuck', async () => {
  const viewer = await goUp();
  viewer.acknowledge(0b10);
  await vi.waitFor(() => expect(wantedOn).toEqual([1]));
});

it('sends no more tiles when the viewer wants none', async () => {
  const viewer = await goUp();
  expect(peer.canSend('tiles')).toBe(true);
  viewer.send('tiles', new Uint8Array(0));
  await vi.waitFor(() => expect(peer.canSend('tiles')).toBe(false));
  expect(peer.send('control', 'still here')).toBe(true);
  expect(states).toEqual(['connected']);
});

it('ends when the viewer goes', async () => {
  const viewer = await goUp();
  viewer.socket.close();
  await vi.waitFor(() => expect(states).toEqual(['connected', 'closed']));
});

it('ends on bytes that no viewer sends', async () => {
  const viewer = await goUp();
  viewer.socket.send(Buffer.of(0x80 | 40, 1));
  await vi.waitFor(() => expect(states).toEqual(['connected', 'failed']));
  await viewer.closed;
});

it('survives whatever a viewer sends, with its end at worst', async () => {
  const random = seededRandom(17);
  for (let round = 0; round < 12; round += 1) {
    const text = relay.ticket();
    const ends: PeerState[] = [];
    const open = createRelayPeers({ clock: systemClock, serverOrigin: 'http://127.0.0.1:1' });
    const victim = open(
      { peerId: 'peer', transport: { kind: 'relay', url: relay.url, ticket: text }, tracks: 1 },
      { ...DEAF, onState: (state) => ends.push(state) },
    );
    const viewer = await RelayViewer.join(relay.url, text);
    victim.applyAnswer(RELAY_SDP);
    await vi.waitFor(() => expect(ends).toEqual(['connected']));
    for (let sent = 0; sent < 200 && viewer.socket.readyState === viewer.socket.OPEN; sent += 1) {
      viewer.socket.send(randomBytes(Math.floor(random() * 40), random));
    }
    await vi.waitFor(() => expect(ends).toEqual(['connected', 'failed']));
    await viewer.closed;
  }
});

it('speaks TLS, and with a relay whose authority it was told to trust alone', async () => {
  const tls = selfSigned();
  const secureRelay = await startTestRelay(tls);
  try {
    const port = new URL(secureRelay.url).port;
    const outcomes = [];
    for (const ca of [[tls.cert], undefined]) {
      const ends: PeerState[] = [];
      // As a server tells it of the relay beside it.
      const open = createRelayPeers({ clock: systemClock, serverOrigin: 'https://127.0.0.1:1', ca });
      const text = secureRelay.ticket();
      const transport = { kind: 'relay', url: `:${port}`, ticket: text } as const;
      const one = open(
        { peerId: 'peer', transport, tracks: 1 },
        { ...DEAF, onState: (state) => ends.push(state) },
      );
      one.applyAnswer(RELAY_SDP);
      if (ca) await RelayViewer.join(secureRelay.url, text, tls.cert);
      await vi.waitFor(() => expect(ends).toHaveLength(1));
      outcomes.push(ends[0]);
      one.close();
    }
    expect(outcomes).toEqual(['connected', 'failed']);
  } finally {
    await secureRelay.close();
  }
});

it('fails when the relay refuses its ticket', async () => {
  const thief = await RelayViewer.join(relay.url, ticket);
  peer.close();
  await thief.closed;
  const late: PeerState[] = [];
  const open = createRelayPeers({ clock: systemClock, serverOrigin: 'http://127.0.0.1:1' });
  const second = open(
    { peerId: 'peer', transport: { kind: 'relay', url: relay.url, ticket }, tracks: 1 },
    { ...DEAF, onState: (state) => late.push(state) },
  );
  second.start();
  await vi.waitFor(() => expect(late).toEqual(['failed']));
});
