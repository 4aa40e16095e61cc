import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { systemClock } from '../src/core/clock.ts';
import { createNodePeers } from '../src/rtc/node-peer.ts';
import type { PeerEvents } from '../src/rtc/peer.ts';
import { PathController } from '../src/rtc/rate/path-controller.ts';

const PEERS = 5;

/** Whether that many of what is referred to are gone within a few seconds. */
async function areCollected(references: readonly WeakRef<object>[]): Promise<boolean> {
  setFlagsFromString('--expose_gc');
  const collect: () => void = runInNewContext('gc');
  for (let tries = 0; tries < 50; tries += 1) {
    collect();
    if (references.every((reference) => reference.deref() === undefined)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** Resolves once it has offered, so that the library works for it on threads of its own. */
async function openAndClose(peerId: string): Promise<WeakRef<object>> {
  const open = createNodePeers({ clock: systemClock, newRateController: () => new PathController() });
  let offered = () => {};
  const hasOffered = new Promise<void>((resolve) => {
    offered = resolve;
  });
  const events: PeerEvents = {
    onOffer: () => offered(),
    onCandidate: () => undefined,
    onState: () => undefined,
    onChannelOpen: () => undefined,
    onVideoOpen: () => undefined,
    onMessage: () => undefined,
    onKeyFrameWanted: () => undefined,
    onTargetBitrate: () => undefined,
    onDrained: () => undefined,
  };
  const peer = open({ peerId, transport: { kind: 'webrtc', iceServers: [] }, tracks: 4 }, events);
  peer.start();
  await hasOffered;
  peer.close();
  return new WeakRef(peer);
}

test('a peer that was closed is let go, with the packets that it kept', async () => {
  const references: WeakRef<object>[] = [];
  for (let at = 0; at < PEERS; at += 1) references.push(await openAndClose(`peer-${at}`));
  expect(await areCollected(references)).toBe(true);
});
