import { GuruError, type PeerPath } from '@guruconnect/shared';
import { beforeEach, expect, it } from 'vitest';
import { PathPolicy, RELAY_AFTER_MS, RELAY_SOON_MS, type Route } from './path-policy.ts';
import type { Peer, PeerListener } from './peer.ts';
import { ATTEMPT_MS, PeerKeeper } from './peer-keeper.ts';
import type { KeeperStatus } from './peer-link.ts';
import { readCounters } from './stream-stats.ts';

/** A peer that comes up and dies when the test says so. */
class ScriptedPeer implements Peer {
  readonly listener: PeerListener;
  readonly path: PeerPath;
  readonly rttMs = undefined;
  readonly offers: string[] = [];
  closed = false;
  constructor(listener: PeerListener, path: PeerPath) {
    this.listener = listener;
    this.path = path;
  }
  configure(): void {}
  offer(sdp: string): void {
    this.offers.push(sdp);
  }
  candidate(): void {}
  send(): boolean {
    return true;
  }
  bufferedBytes(): number {
    return 0;
  }
  tell(): boolean {
    return true;
  }
  counters() {
    return Promise.resolve(readCounters([]));
  }
  close(): void {
    this.closed = true;
  }
}

interface Timer {
  at: number;
  callback: () => void;
}

let now: number;
let timers: Timer[];
let peers: ScriptedPeer[];
let requests: { replaces: string | undefined; path: PeerPath }[];
let routes: Route[];
let wantsRelay: boolean;
let stranded: number;
let refusal: GuruError | undefined;
let relayRefusal: GuruError | undefined;
let closedPeers: string[];
let statuses: KeeperStatus[];
let keeper: PeerKeeper;

const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const newest = () => peers.at(-1) as ScriptedPeer;

/** Turns the clock, firing timers in order, each followed by what its promises do. */
async function pass(ms: number): Promise<void> {
  const until = now + ms;
  for (;;) {
    const due = timers.filter((timer) => timer.at <= until).toSorted((a, b) => a.at - b.at)[0];
    if (!due) break;
    timers = timers.filter((timer) => timer !== due);
    now = due.at;
    due.callback();
    await settle();
  }
  now = until;
}

beforeEach(() => {
  now = 0;
  timers = [];
  peers = [];
  requests = [];
  routes = [];
  wantsRelay = false;
  stranded = 0;
  relayRefusal = undefined;
  refusal = undefined;
  closedPeers = [];
  statuses = [];
  keeper = newKeeper(['webrtc', 'relay']);
});

function newKeeper(paths: readonly PeerPath[]): PeerKeeper {
  return new PeerKeeper({
    policy: new PathPolicy({
      paths,
      memory: {
        get wantsRelay() {
          return wantsRelay;
        },
        note: (wants) => {
          wantsRelay = wants;
        },
      },
      random: () => 1,
    }),
    signals: {
      request: (replaces, path) => {
        requests.push({ replaces, path });
        if (path === 'relay' && relayRefusal) return Promise.reject(relayRefusal);
        if (refusal) return Promise.reject(refusal);
        return Promise.resolve({
          peerId: `peer-${requests.length}`,
          transport: { kind: 'webrtc' as const, iceServers: [] },
        });
      },
      answer: () => undefined,
      candidate: () => undefined,
      closePeer: (peerId) => closedPeers.push(peerId),
    },
    makePeer: (listener, path) => {
      const peer = new ScriptedPeer(listener, path);
      peers.push(peer);
      return peer;
    },
    timing: {
      now: () => now,
      random: () => 1,
      after: (ms, callback) => {
        const timer = { at: now + ms, callback };
        timers.push(timer);
        return () => {
          timers = timers.filter((one) => one !== timer);
        };
      },
    },
    events: {
      status: (status) => statuses.push(status),
      up: (_link, route) => routes.push(route),
      picture: () => undefined,
      control: () => undefined,
      cursor: () => undefined,
      frame: () => undefined,
      tiles: () => undefined,
      secured: () => undefined,
      alarm: () => undefined,
      closing: () => undefined,
      failed: () => undefined,
      stranded: () => {
        stranded += 1;
      },
    },
  });
}

const peerOf = (path: PeerPath) => peers.findLast((peer) => peer.path === path) as ScriptedPeer;

async function goUp(): Promise<ScriptedPeer> {
  await settle();
  const peer = newest();
  peer.listener.up();
  return peer;
}

it('asks once and is up when the peer is', async () => {
  keeper.start();
  keeper.start();
  await goUp();
  expect(requests).toHaveLength(1);
  expect(keeper.current?.peerId).toBe('peer-1');
  expect(statuses).toEqual(['connecting', 'up']);
});

it('keeps an offer that overtakes the answer to the request', async () => {
  keeper.start();
  keeper.onOffer('peer-1', 'sdp');
  keeper.onOffer('somebody-else', 'other');
  await settle();
  expect(newest().offers).toEqual(['sdp']);
});

it('asks for the next peer at once when the one that was up is lost, and names what it replaces', async () => {
  keeper.start();
  const first = await goUp();
  first.listener.lost('silence');
  expect(first.closed).toBe(true);
  expect(statuses.at(-1)).toBe('down');
  expect(requests.map(({ replaces }) => replaces)).toEqual([undefined, 'peer-1']);
  await goUp();
  expect(keeper.current?.peerId).toBe('peer-2');
  expect(statuses.at(-1)).toBe('up');
});

it('waits longer after each failed try', async () => {
  refusal = new GuruError('endpoint-offline', 'The computer is away.');
  keeper.start();
  await settle();
  const times = [0];
  for (let second = 0; second < 100; second += 1) {
    const before = requests.length;
    await pass(100);
    if (requests.length > before) times.push(now);
  }
  expect(times.slice(0, 5)).toEqual([0, 300, 800, 1800, 3800]);
});

it('gives a try up that leads nowhere and closes it at the server', async () => {
  keeper = newKeeper(['webrtc']);
  keeper.start();
  await settle();
  await pass(ATTEMPT_MS);
  expect(peers[0]?.closed).toBe(true);
  expect(closedPeers).toEqual(['peer-1']);
  await pass(250);
  expect(requests).toHaveLength(2);
});

it('does not wait for its pause when something came back', async () => {
  refusal = new GuruError('unavailable', 'The server is away.');
  keeper.start();
  await settle();
  await pass(20_000);
  const tries = requests.length;
  refusal = undefined;
  keeper.hurry();
  expect(requests).toHaveLength(tries + 1);
  await goUp();
  expect(statuses.at(-1)).toBe('up');
});

it('lets a request that is on its way go on when it is hurried, unless its line is gone', async () => {
  keeper.start();
  keeper.hurry();
  expect(requests).toHaveLength(1);
  keeper.hurry(true);
  expect(requests).toHaveLength(2);
  await settle();
  // The first was answered after all: its peer is not wanted.
  expect(closedPeers).toEqual(['peer-1']);
  newest().listener.up();
  expect(keeper.current?.peerId).toBe('peer-2');
});

it('asks again soon when it is hurried and the request on its way is refused after all', async () => {
  refusal = new GuruError('endpoint-offline', 'The machine is not connected.');
  keeper.start();
  await settle();
  await pass(20_000);
  const tries = requests.length;
  const [next] = timers.toSorted((one, other) => one.at - other.at);
  timers = timers.filter((timer) => timer !== next);
  next?.callback();
  expect(requests).toHaveLength(tries + 1);
  keeper.hurry();
  refusal = undefined;
  await settle();
  await pass(250);
  expect(requests).toHaveLength(tries + 2);
});

it('forgets what to replace when the server does not know it any more', async () => {
  keeper.start();
  const first = await goUp();
  refusal = new GuruError('not-found', 'No such peer.');
  first.listener.lost('silence');
  await settle();
  refusal = undefined;
  await pass(250);
  expect(requests.map(({ replaces }) => replaces)).toEqual([undefined, 'peer-1', undefined]);
});

it('keeps the old peer until its replacement is up', async () => {
  keeper.start();
  const first = await goUp();
  keeper.renew();
  await settle();
  expect(first.closed).toBe(false);
  expect(keeper.current?.peerId).toBe('peer-1');
  newest().listener.up();
  expect(first.closed).toBe(true);
  expect(keeper.current?.peerId).toBe('peer-2');
  expect(statuses).toEqual(['connecting', 'up']);
});

it('lets a failed renewal be, while the old peer is up', async () => {
  keeper.start();
  await goUp();
  keeper.renew();
  await settle();
  newest().listener.lost('no path');
  await pass(30_000);
  expect(requests).toHaveLength(2);
  expect(keeper.current?.peerId).toBe('peer-1');
});

it('reconnects when the server closes the peer that is up', async () => {
  keeper.start();
  await goUp();
  keeper.onClosed('peer-1');
  await settle();
  expect(requests).toHaveLength(2);
});

it('closes everything when it is stopped, also a try that is answered afterwards', async () => {
  keeper.start();
  keeper.stop();
  await settle();
  expect(peers.every((peer) => peer.closed)).toBe(true);
  expect(closedPeers).toEqual(['peer-1']);
  expect(statuses.at(-1)).toBe('off');
  await pass(60_000);
  expect(requests).toHaveLength(1);
});

it('tries the relay beside WebRTC that is slow, and takes what is up first', async () => {
  keeper.start();
  await settle();
  await pass(RELAY_AFTER_MS - 1);
  expect(requests.map(({ path }) => path)).toEqual(['webrtc']);
  await pass(1);
  expect(requests.map(({ path }) => path)).toEqual(['webrtc', 'relay']);
  await settle();
  peerOf('relay').listener.up();
  expect(keeper.current?.path).toBe('relay');
  expect(routes).toEqual([{ path: 'relay', why: 'no direct connection came up in time' }]);
  expect(wantsRelay).toBe(true);
  expect(peerOf('webrtc').closed).toBe(false);
});

it('drops the relay when WebRTC is up before it', async () => {
  keeper.start();
  await settle();
  await pass(RELAY_AFTER_MS);
  peerOf('webrtc').listener.up();
  expect(peerOf('relay').closed).toBe(true);
  expect(closedPeers).toEqual(['peer-2']);
  expect(routes).toEqual([{ path: 'webrtc', why: undefined }]);
  await pass(60_000);
  expect(requests).toHaveLength(2);
});

it('does not wait for its time when WebRTC fails at once', async () => {
  keeper.start();
  await settle();
  peerOf('webrtc').listener.lost('no path');
  await pass(0);
  expect(requests.map(({ path }) => path)).toEqual(['webrtc', 'relay']);
  peerOf('relay').listener.up();
  expect(routes[0]?.why).toMatch(/UDP seems to be blocked/);
});

it('moves up when WebRTC comes after all, and has the relayed peer closed at the agent', async () => {
  keeper.start();
  await settle();
  await pass(RELAY_AFTER_MS);
  peerOf('relay').listener.up();
  peerOf('webrtc').listener.up();
  expect(keeper.current?.path).toBe('webrtc');
  expect(peerOf('relay').closed).toBe(true);
  // WebRTC was asked for before the relay was up, so the server does not know that it replaces it.
  expect(closedPeers).toEqual(['peer-2']);
  expect(statuses).toEqual(['connecting', 'up']);
  expect(wantsRelay).toBe(false);
});

it('tries WebRTC again on the relay with growing pauses, replacing it, and at once on another network', async () => {
  keeper.start();
  await settle();
  peerOf('webrtc').listener.lost('no path');
  await pass(0);
  peerOf('relay').listener.up();
  const times: number[] = [];
  const startedMs = now;
  while (times.length < 4) {
    const before = requests.length;
    await pass(100);
    if (requests.length === before) continue;
    times.push(now - startedMs);
    expect(requests.at(-1)).toEqual({ replaces: 'peer-2', path: 'webrtc' });
    peerOf('webrtc').listener.lost('no path');
  }
  expect(times).toEqual([5_000, 15_000, 35_000, 75_000]);
  const before = requests.length;
  keeper.renew();
  expect(requests).toHaveLength(before + 1);
  await settle();
  expect(keeper.current?.path).toBe('relay');
  peerOf('webrtc').listener.up();
  expect(keeper.current?.path).toBe('webrtc');
  // The server was told that the new one replaces it.
  expect(closedPeers).not.toContain('peer-2');
});

it('goes to the relay sooner where nothing else worked before', async () => {
  wantsRelay = true;
  keeper.start();
  await settle();
  await pass(RELAY_SOON_MS);
  expect(requests.map(({ path }) => path)).toEqual(['webrtc', 'relay']);
});

it('goes on without a relay when there is none', async () => {
  relayRefusal = new GuruError('unavailable', 'There is no relay at the moment.');
  keeper.start();
  await settle();
  await pass(RELAY_AFTER_MS);
  expect(keeper.current).toBeUndefined();
  peerOf('webrtc').listener.up();
  expect(keeper.current?.path).toBe('webrtc');
});

it('tries a relay that is not there yet again while WebRTC takes its time', async () => {
  relayRefusal = new GuruError('unavailable', 'There is no relay at the moment.');
  wantsRelay = true;
  keeper.start();
  await settle();
  await pass(RELAY_SOON_MS + 250 + 500);
  expect(requests.map(({ path }) => path)).toEqual(['webrtc', 'relay', 'relay', 'relay']);
  relayRefusal = undefined;
  await pass(1_000);
  peerOf('relay').listener.up();
  expect(keeper.current?.path).toBe('relay');
});

it('takes both paths at once when the relay is lost', async () => {
  keeper.start();
  await settle();
  peerOf('webrtc').listener.lost('no path');
  await pass(0);
  peerOf('relay').listener.up();
  peerOf('relay').listener.lost('the relay closed the connection');
  await pass(0);
  expect(requests.slice(2)).toEqual([
    { replaces: 'peer-2', path: 'webrtc' },
    { replaces: 'peer-2', path: 'relay' },
  ]);
  expect(statuses.at(-1)).toBe('down');
});

it('says that it is stranded where the browser cannot take a relay', async () => {
  keeper = newKeeper(['webrtc']);
  keeper.start();
  await settle();
  peerOf('webrtc').listener.lost('no path');
  expect(stranded).toBe(1);
  await pass(60_000);
  expect(requests.every(({ path }) => path === 'webrtc')).toBe(true);
});

it('looks for another peer while the one that is up does not answer, and keeps that', async () => {
  keeper.start();
  const first = await goUp();
  first.listener.stalled(true);
  expect(statuses.at(-1)).toBe('down');
  expect(first.closed).toBe(false);
  expect(requests.at(-1)?.replaces).toBe('peer-1');
  await goUp();
  expect(first.closed).toBe(true);
  expect(keeper.current?.peerId).toBe('peer-2');
  expect(statuses.at(-1)).toBe('up');
});

it('drops what it looked for when the old peer answers again before anything came of it', async () => {
  keeper.start();
  const first = await goUp();
  first.listener.stalled(true);
  await settle();
  first.listener.stalled(false);
  expect(statuses.at(-1)).toBe('up');
  expect(keeper.current?.peerId).toBe('peer-1');
  expect(closedPeers).toEqual(['peer-2']);
  await pass(60_000);
  expect(requests).toHaveLength(2);
});

it('lets a peer that the agent is at work on take over, also from one that answers again', async () => {
  keeper.start();
  const first = await goUp();
  first.listener.stalled(true);
  await settle();
  keeper.onOffer('peer-2', 'sdp');
  first.listener.stalled(false);
  expect(closedPeers).toEqual([]);
  newest().listener.up();
  expect(keeper.current?.peerId).toBe('peer-2');
  expect(first.closed).toBe(true);
});

it('tries again and again while the peer that is up does not answer', async () => {
  keeper.start();
  const first = await goUp();
  refusal = new GuruError('endpoint-offline', 'The computer is away.');
  first.listener.stalled(true);
  await pass(9_000);
  expect(requests.length).toBeGreaterThan(4);
  refusal = undefined;
  await pass(5_000);
  await goUp();
  expect(statuses.at(-1)).toBe('up');
});
