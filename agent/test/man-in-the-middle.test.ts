import { randomUUID } from 'node:crypto';
import {
  type Candidate,
  type ChannelLabel,
  type HandshakeCommit,
  type HandshakeReveal,
  toPlain,
  webrtcBinding,
} from '@guruconnect/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../src/core/clock.ts';
import { createNodePeers } from '../src/rtc/node-peer.ts';
import type { OpenPeer, Peer, PeerEvents } from '../src/rtc/peer.ts';
import { PathController } from '../src/rtc/rate/path-controller.ts';
import { newIdentityKey, readIdentityKey } from '../src/secure/identity-key.ts';
import { createSecurePeers } from '../src/secure/secure-peers.ts';
import { NodeViewer } from './support/node-viewer.ts';
import { ViewerHandshake } from './support/viewer-handshake.ts';

const openRawPeer = createNodePeers({
  clock: systemClock,
  newRateController: () => new PathController(),
  bindAddress: '127.0.0.1',
});
const newKey = () => readIdentityKey(newIdentityKey());

const started: { close(): void }[] = [];
afterEach(() => {
  for (const one of started.splice(0)) one.close();
});

/** What an agent offers, over whoever carries it. */
interface Signals {
  offer(sdp: string, commit: HandshakeCommit | undefined): void;
  candidate(candidate: Candidate): void;
}

/** A peer with its events noted. */
function openPeer(open: OpenPeer, ids: { peerId: string }, signals: Signals) {
  const told = { words: [] as string[][], failures: [] as string[], messages: [] as unknown[], opened: 0 };
  const events: PeerEvents = {
    onOffer: (sdp, commit) => signals.offer(sdp, commit),
    onCandidate: (candidate) => signals.candidate(candidate),
    onState() {},
    onChannelOpen: () => {
      told.opened += 1;
    },
    onMessage: (_label, data) => told.messages.push(data),
    onVideoOpen: () => {
      told.opened += 1;
    },
    onKeyFrameWanted() {},
    onTargetBitrate() {},
    onDrained() {},
    onSecured: (words) => told.words.push([...words]),
    onHandshakeFailed: (why, detail) => told.failures.push(`${why}: ${detail}`),
  };
  const peer = open({ ...ids, transport: { kind: 'webrtc', iceServers: [] }, tracks: 1 }, events);
  started.push(peer);
  return { peer, told };
}

/** A real viewer's end: it answers, proves itself on `control`, and notes how that ends. */
class ProvingViewer {
  readonly handshake: ViewerHandshake;
  readonly outcomes: ReturnType<ViewerHandshake['finish']>[] = [];
  readonly node: NodeViewer;

  constructor(
    ids: { sessionId: string; peerId: string },
    onCandidate: (candidate: Candidate) => void,
    identity = newKey(),
  ) {
    this.handshake = new ViewerHandshake(ids, identity);
    this.node = new NodeViewer(onCandidate);
    started.push(this.node);
  }

  async answer(offer: string, commit: HandshakeCommit): Promise<{ sdp: string; reveal: HandshakeReveal }> {
    const sdp = await this.node.answer(offer);
    const agent = webrtcBinding(offer);
    const viewer = webrtcBinding(sdp);
    if (!agent || !viewer) throw new Error('No certificates.');
    const proof = this.handshake.proof({ agent, viewer }, commit);
    // It waits in vain when the connection never comes about.
    this.#speak(proof).catch(() => undefined);
    return { sdp, reveal: this.handshake.reveal };
  }

  async #speak(proof: string): Promise<void> {
    await vi.waitFor(() => expect(this.node.channels.get('control')?.isOpen()).toBe(true), WAIT);
    this.node.send('control', proof);
    await vi.waitFor(() => expect(this.node.messages.length).toBeGreaterThan(0), WAIT);
    this.outcomes.push(this.handshake.finish(String(this.node.messages[0]?.data)));
  }
}

const WAIT = { timeout: 10_000, interval: 10 };

/** An agent's end that offers to whoever carries its signals. */
function startAgent(ids: { sessionId: string; peerId: string }, signals: Signals) {
  return openPeer(
    createSecurePeers(openRawPeer, { identity: newKey(), sessionId: ids.sessionId }),
    ids,
    signals,
  );
}

const newIds = () => ({ sessionId: randomUUID(), peerId: randomUUID() });

/** Agent and viewer with nobody between them. */
async function connectDirectly(ids = newIds()) {
  const viewer: ProvingViewer = new ProvingViewer(ids, (candidate) => agent.peer.addCandidate(candidate));
  const agent: ReturnType<typeof startAgent> = startAgent(ids, {
    offer: (sdp, commit) => {
      if (!commit) throw new Error('There is no promise.');
      void viewer.answer(sdp, commit).then((answer) => agent.peer.applyAnswer(answer.sdp, answer.reveal));
    },
    candidate: ({ candidate, mid }) => viewer.node.connection.addRemoteCandidate(candidate, mid),
  });
  agent.peer.start();
  await vi.waitFor(() => expect(viewer.outcomes).toHaveLength(1), WAIT);
  return { agent, viewer };
}

const picture = { data: Buffer.of(0, 0, 0, 1, 0x65, 1, 2, 3), keyFrame: true, rtpTimestamp: 1 };

/**
 * Somebody who has the server: two connections with certificates of his own, one to each end. With `plays` he speaks
 * the handshake on each side himself; else he passes on what the ends say.
 */
async function connectThroughMiddle(plays: boolean, ids = newIds()) {
  const asAgentKey = newKey();
  const asViewerKey = newKey();
  let toViewer: { peer: Peer; told: { words: string[][]; failures: string[] } } | undefined;
  const viewer: ProvingViewer = new ProvingViewer(ids, (candidate) => toViewer?.peer.addCandidate(candidate));
  const toAgent: ProvingViewer = new ProvingViewer(
    ids,
    (candidate) => agent.peer.addCandidate(candidate),
    asViewerKey,
  );
  let answerAgent: (reveal: HandshakeReveal) => void = () => {};
  const agent: ReturnType<typeof startAgent> = startAgent(ids, {
    offer: (sdp, commit) => void meet(sdp, commit),
    candidate: ({ candidate, mid }) => toAgent.node.connection.addRemoteCandidate(candidate, mid),
  });

  async function meet(sdp: string, commit: HandshakeCommit | undefined): Promise<void> {
    if (!commit) throw new Error('There is no promise.');
    const mine = plays ? await toAgent.answer(sdp, commit) : { sdp: await toAgent.node.answer(sdp) };
    if ('reveal' in mine) agent.peer.applyAnswer(mine.sdp, mine.reveal);
    else answerAgent = (reveal) => agent.peer.applyAnswer(mine.sdp, reveal);
    const open = plays
      ? createSecurePeers(openRawPeer, { identity: asAgentKey, sessionId: ids.sessionId })
      : openRawPeer;
    toViewer = openPeer(passing(open), ids, {
      offer: (own, ownCommit) =>
        void viewer.answer(own, plays && ownCommit ? ownCommit : commit).then((answer) => {
          toViewer?.peer.applyAnswer(answer.sdp, answer.reveal);
          if (!plays) answerAgent(answer.reveal);
        }),
      candidate: ({ candidate, mid }) => viewer.node.connection.addRemoteCandidate(candidate, mid),
    });
    toViewer.peer.start();
    if (!plays) passOn().catch(() => undefined);
  }

  /** What the viewer says goes to the agent as it is. */
  function passing(open: OpenPeer): OpenPeer {
    if (plays) return open;
    return (options, events) =>
      open(options, {
        ...events,
        onMessage: (label, data) => void sendToAgent(label, data),
      });
  }
  async function sendToAgent(label: ChannelLabel, data: string | Uint8Array): Promise<void> {
    await vi.waitFor(() => expect(toAgent.node.channels.get(label)?.isOpen()).toBe(true), WAIT);
    toAgent.node.send(label, data);
  }
  /** And the agent's first words to the viewer. */
  async function passOn(): Promise<void> {
    await vi.waitFor(() => expect(toAgent.node.messages.length).toBeGreaterThan(0), WAIT);
    const said = String(toAgent.node.messages[0]?.data);
    await vi.waitFor(() => expect(toViewer?.peer.send('control', said)).toBe(true), WAIT);
  }

  agent.peer.start();
  await vi.waitFor(() => expect(viewer.outcomes).toHaveLength(1), WAIT);
  return { agent, viewer };
}

describe('two ends over real connections', () => {
  it('trust each other, with the same words, when nobody is in between', async () => {
    const { agent, viewer } = await connectDirectly();
    const [outcome] = viewer.outcomes;
    if (!outcome || typeof outcome === 'string') throw new Error(outcome);
    await vi.waitFor(() => expect(agent.told.words).toEqual([outcome.words]), WAIT);
    expect(agent.told.failures).toEqual([]);
    await vi.waitFor(() => expect(agent.peer.send('control', 'secret words')).toBe(true), WAIT);
    await vi.waitFor(() => expect(viewer.node.messages).toHaveLength(2), WAIT);
    const sealed = viewer.node.messages[1]?.data;
    expect(String(sealed)).not.toContain('secret');
    expect(Buffer.from(outcome.seal.open('control', sealed as Buffer)).toString()).toBe('secret words');
    viewer.node.send('input', outcome.seal.seal('input', toPlain('key')));
    await vi.waitFor(
      () => expect(agent.told.messages.map(String)).toEqual([String(Buffer.from('key'))]),
      WAIT,
    );
  });

  it('both notice somebody who passes everything on but holds the certificates', async () => {
    const { agent, viewer } = await connectThroughMiddle(false);
    expect(viewer.outcomes).toEqual(['it signed something else']);
    await vi.waitFor(
      () => expect(agent.told.failures).toEqual(['proof: The viewer signed something else.']),
      WAIT,
    );
    expect(agent.told).toMatchObject({ words: [], messages: [], opened: 0 });
    expect(agent.peer.sendFrame(0, picture)).toBe(false);
    expect(agent.peer.send('control', 'hello')).toBe(false);
  });

  it('read different words to each other when somebody plays both of them', async () => {
    const { agent, viewer } = await connectThroughMiddle(true);
    const [outcome] = viewer.outcomes;
    if (!outcome || typeof outcome === 'string') throw new Error(outcome);
    await vi.waitFor(() => expect(agent.told.words).toHaveLength(1), WAIT);
    expect(agent.told.words[0]).not.toEqual(outcome.words);
  });

  it('do not connect when the certificate in the offer is another', async () => {
    const ids = newIds();
    const viewer: ProvingViewer = new ProvingViewer(ids, (candidate) => agent.peer.addCandidate(candidate));
    const agent: ReturnType<typeof startAgent> = startAgent(ids, {
      offer: (sdp, commit) => {
        const swapped = sdp.replaceAll(
          /(fingerprint:sha-256 )(..)/g,
          (_all, name, byte) => `${name}${byte === '00' ? '01' : '00'}`,
        );
        if (commit)
          void viewer.answer(swapped, commit).then((one) => agent.peer.applyAnswer(one.sdp, one.reveal));
      },
      candidate: ({ candidate, mid }) => viewer.node.connection.addRemoteCandidate(candidate, mid),
    });
    const states: string[] = [];
    viewer.node.connection.onStateChange((state) => states.push(state));
    agent.peer.start();
    await vi.waitFor(() => expect(states).toContain('failed'), WAIT);
    expect(agent.told).toMatchObject({ words: [], opened: 0 });
    expect(viewer.outcomes).toEqual([]);
  });

  it('are not moved by what was said on an earlier connection', async () => {
    const { viewer: earlier } = await connectDirectly();
    const oldProof = String(earlier.node.messages[0]?.data);
    const { viewer } = await connectDirectly();
    expect(viewer.handshake.finish(oldProof)).toBe('it breaks its promise');
    // The same session and peer again, as a server may say that they are.
    const ids = newIds();
    const first = await connectDirectly(ids);
    const second = await connectDirectly(ids);
    const replayed = second.viewer.handshake.finish(String(first.viewer.node.messages[0]?.data));
    expect(replayed).toBe('it breaks its promise');
  });
});
