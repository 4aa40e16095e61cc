import { beforeEach, expect, it } from 'vitest';
import type { PeerLink } from '../../lib/rtc/peer-link.ts';
import { PictureWatch } from './picture-watch.ts';

let nowMs: number;
let tasks: { atMs: number; task: () => void }[];
let told: [atMs: number, type: string][];
let framesDecoded: number;
let watch: PictureWatch;
let link: PeerLink;

beforeEach(() => {
  nowMs = 0;
  tasks = [];
  told = [];
  framesDecoded = 0;
  watch = new PictureWatch({
    now: () => nowMs,
    after: (ms, task) => {
      const entry = { atMs: nowMs + ms, task };
      tasks.push(entry);
      return () => {
        tasks = tasks.filter((one) => one !== entry);
      };
    },
    random: () => 0,
  });
  const peer = {
    tell: ({ type }: { type: string }) => told.push([nowMs, type]),
    counters: () => Promise.resolve({ framesDecoded }),
  };
  link = { peer, path: 'webrtc' } as unknown as PeerLink;
});

async function advance(ms: number): Promise<void> {
  const endMs = nowMs + ms;
  for (;;) {
    const next = tasks.filter((one) => one.atMs <= endMs).toSorted((a, b) => a.atMs - b.atMs)[0];
    if (!next) break;
    tasks = tasks.filter((one) => one !== next);
    nowMs = next.atMs;
    next.task();
    await new Promise((resolve) => setImmediate(resolve));
  }
  nowMs = endMs;
}

const isShown = () => watch.ledgerOf(link).framePresented(1, nowMs);

it('asks at once for a picture that was decoded before anything could show it', async () => {
  watch.expect(link, () => true);
  await advance(200);
  framesDecoded = 1;
  await advance(400);
  expect(told).toEqual([[450, 'refresh']]);
  isShown();
  await advance(5_000);
  expect(told).toHaveLength(1);
});

it('waits for a picture that is still on its way, and asks for another after a while', async () => {
  watch.expect(link, () => true);
  await advance(1_499);
  expect(told).toEqual([]);
  await advance(1_501);
  expect(told.map(([atMs]) => atMs)).toEqual([1_500, 3_000]);
});

it('does not ask ever faster where pictures are decoded and none is looked at', async () => {
  framesDecoded = 100;
  watch.expect(link, () => true);
  await advance(5_000);
  expect(told.map(([atMs]) => atMs)).toEqual([300, 1_800, 3_300, 4_800]);
});

it('asks for nothing once the picture is there, or the peer is another', async () => {
  watch.expect(link, () => true);
  isShown();
  await advance(5_000);
  let isCurrent = true;
  link = { ...link };
  watch.expect(link, () => isCurrent);
  isCurrent = false;
  await advance(5_000);
  expect(told).toEqual([]);
});
