import { GuruError } from '@guruconnect/shared';
import { beforeEach, expect, it } from 'vitest';
import type { Peer, PeerListener } from './peer.ts';
import { ATTEMPT_MS, type KeeperStatus, PeerKeeper } from './peer-keeper.ts';
import { readCounters } from './stream-stats.ts';

/** A peer that comes up and dies when the test says so. */
class ScriptedPeer implements Peer {
  readonly listener: PeerListener;
  readonly rttMs = undefined;
  readonly offers: string[] = [];
  closed = false;
  constructor(listener: PeerListener) {
    this.listener = listener;
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
let requests: { replaces: string | undefined }[];
let refusal: GuruError | undefined;
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
  refusal = undefined;
  closedPeers = [];
  statuses = [];
  keeper = new PeerKeeper({
    signals: {
      request: (replaces) => {
        requests.push({ replaces });
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
    makePeer: (listener) => {
      const peer = new ScriptedPeer(listener);
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
      up: () => undefined,
      picture: () => undefined,
      control: () => undefined,
      cursor: () => undefined,
      frame: () => undefined,
      tiles: () => undefined,
      secured: () => undefined,
      alarm: () => undefined,
      closing: () => undefined,
      failed: () => undefined,
    },
  });
});

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
