import { randomUUID } from 'node:crypto';
import { type HandshakeReveal, keyThumbprint, toPlain } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { MEMORY_BINDING } from '../src/rtc/memory-peer.ts';
import { type IdentityKey, newIdentityKey, readIdentityKey } from '../src/secure/identity-key.ts';
import type { NodeSeal } from '../src/secure/node-seal.ts';
import { createSecurePeers } from '../src/secure/secure-peers.ts';
import { startSession } from './support/start-session.ts';
import { ViewerHandshake } from './support/viewer-handshake.ts';

const newKey = () => readIdentityKey(newIdentityKey());

/** A session whose peers prove themselves, and a way in for viewers. */
async function startSecureSession() {
  const identity = newKey();
  const stage = await startSession({
    around: (open, sessionId) => createSecurePeers(open, { identity, sessionId }),
  });
  const { sessionId, signer, clock, server, peers } = stage;

  /** A viewer as far as the agent's offer. */
  const enter = (options: { browser?: IdentityKey; granted?: IdentityKey; participantId?: string } = {}) => {
    const { browser = newKey(), participantId = randomUUID() } = options;
    const peerId = randomUUID();
    const viewerKey = keyThumbprint((options.granted ?? browser).publicKey);
    const claims = signer.claims(peerId, participantId, ['view', 'control'], clock.now());
    const { order } = stage;
    order(['view', 'control'], { peerId, participantId, grant: signer.sign({ ...claims, viewerKey }) });
    const viewer = peers.viewer(peerId);
    const handshake = new ViewerHandshake({ sessionId, peerId }, browser);
    const offer = server.allTold('peer:offer').find((one) => one.peerId === peerId);
    if (!offer?.commit) throw new Error('The offer has no promise in it.');
    const { commit } = offer;
    return {
      peerId,
      participantId,
      viewer,
      handshake,
      commit,
      answer: (reveal: HandshakeReveal | undefined = handshake.reveal) =>
        server.tell('peer:answer', { peerId, sdp: viewer.answer(), ...(reveal ? { reveal } : {}) }),
      prove: () => viewer.send('control', handshake.proof(MEMORY_BINDING, commit)),
      texts: () => viewer.messages.map((one) => one.data).filter((data) => typeof data === 'string'),
    };
  };

  /** A viewer that got through. */
  const join = (options: Parameters<typeof enter>[0] = {}) => {
    const entered = enter(options);
    entered.answer();
    entered.prove();
    const finished = entered.handshake.finish(String(entered.texts()[0]));
    if (typeof finished === 'string') throw new Error(finished);
    return { ...entered, ...finished };
  };
  const audits = () =>
    server.allTold('audit:report').map(({ what, participantId }) => ({ what, participantId }));
  const stateOf = (peerId: string) =>
    server.allTold('peer:state').flatMap((one) => (one.peerId === peerId ? [one.state] : []));
  return { ...stage, enter, join, audits, stateOf };
}

const opened = (seal: NodeSeal, messages: readonly { label: string; data: string | Uint8Array }[]) =>
  messages.flatMap(({ label, data }) =>
    label === 'control' && typeof data !== 'string'
      ? [JSON.parse(Buffer.from(seal.open('control', data)).toString()) as { type: string }]
      : [],
  );

describe('a session whose viewers must prove themselves', () => {
  it('shows the person the words that the viewer has, and seals everything from then on', async () => {
    const stage = await startSecureSession();
    const { seal, words, viewer, peerId } = stage.join();
    expect(stage.words).toEqual([words]);
    expect(words).toHaveLength(3);
    expect(stage.stateOf(peerId)).toEqual(['connected']);
    expect(viewer.messages.filter((one) => typeof one.data === 'string')).toHaveLength(1);
    viewer.send('control', seal.seal('control', toPlain('{"type":"ping","n":1,"visible":true}')));
    expect(opened(seal, viewer.messages).map((one) => one.type)).toEqual(['hello', 'pong']);
  });

  it('shows nothing and tells nothing before the proof', async () => {
    const stage = await startSecureSession();
    const { answer, viewer, peerId, texts } = stage.enter();
    answer();
    viewer.askKeyFrame();
    stage.clock.advance(2_000);
    expect(viewer.frames).toEqual([]);
    expect(viewer.messages).toHaveLength(1);
    expect(texts()[0]).toContain('agent-proof');
    expect(stage.stateOf(peerId)).toEqual([]);
    expect(stage.words).toEqual([]);
  });

  it.each<[string, (entered: ReturnType<Awaited<ReturnType<typeof startSecureSession>>['enter']>) => void]>([
    ['speaks in the open', ({ viewer }) => viewer.send('control', '{"type":"ping","n":1,"visible":true}')],
    ['sends bytes before its proof', ({ viewer }) => viewer.send('control', new Uint8Array(40))],
    [
      'signs for another path',
      ({ viewer, handshake, commit }) =>
        viewer.send('control', handshake.proof({ ...MEMORY_BINDING, viewer: 'webrtc:00' }, commit)),
    ],
    [
      'signs another promise',
      ({ viewer, handshake }) =>
        viewer.send('control', handshake.proof(MEMORY_BINDING, { v: 1, digest: 'A'.repeat(43) })),
    ],
    [
      'sends the proof of another connection',
      ({ viewer, commit, participantId }) => {
        const other = new ViewerHandshake({ sessionId: participantId, peerId: participantId });
        viewer.send('control', other.proof(MEMORY_BINDING, commit));
      },
    ],
    [
      'sends much and proves nothing',
      ({ viewer }) => {
        for (let at = 0; at < 100; at += 1) viewer.send('input', new Uint8Array(100));
      },
    ],
  ])('refuses and audits one that %s', async (_what, misbehave) => {
    const stage = await startSecureSession();
    const entered = stage.enter();
    entered.answer();
    misbehave(entered);
    expect(stage.audits()).toEqual([{ what: 'handshake-failed', participantId: entered.participantId }]);
    expect(stage.stateOf(entered.peerId)).toEqual(['failed']);
    expect(entered.texts().at(-1)).toBe('{"type":"refused","v":1,"why":"proof"}');
    expect(entered.viewer.closed).toBe(true);
    expect(stage.words).toEqual([]);
  });

  it('refuses and audits an answer out of which the handshake was cut', async () => {
    const stage = await startSecureSession();
    const { peerId, viewer, participantId } = stage.enter();
    stage.server.tell('peer:answer', { peerId, sdp: viewer.answer() });
    expect(stage.audits()).toEqual([{ what: 'handshake-failed', participantId }]);
    expect(stage.stateOf(peerId)).toEqual(['failed']);
  });

  it('refuses and audits keys that are none, and lives on', async () => {
    const stage = await startSecureSession();
    const bits = stage.enter();
    // One bit more than 32 bytes have.
    bits.answer({ ...bits.handshake.reveal, nonce: 'B'.repeat(43) });
    const noPoint = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 9)]).toString('base64url');
    for (const name of ['exchangeKey', 'identityKey'] as const) {
      const entered = stage.enter();
      entered.answer({ ...entered.handshake.reveal, [name]: noPoint });
      entered.prove();
      expect(stage.stateOf(entered.peerId)).toEqual(['failed']);
    }
    // No message of the contract: it is as if it had not come.
    expect(stage.stateOf(bits.peerId)).toEqual([]);
    expect(stage.audits().map((one) => one.what)).toEqual(['handshake-failed', 'handshake-failed']);
    stage.join();
    expect(stage.words).toHaveLength(1);
  });

  it('refuses a browser that the grant does not name', async () => {
    const stage = await startSecureSession();
    const { answer, prove, texts, peerId } = stage.enter({ granted: newKey() });
    answer();
    prove();
    expect(texts().at(-1)).toBe('{"type":"refused","v":1,"why":"grant"}');
    expect(stage.stateOf(peerId)).toEqual(['failed']);
  });

  it('knows a participant again by the browser, and refuses another even when the server signs for it', async () => {
    const stage = await startSecureSession();
    const browser = newKey();
    const { participantId } = stage.join({ browser });
    stage.join({ browser, participantId });
    const entered = stage.enter({ browser: newKey(), participantId });
    entered.answer();
    entered.prove();
    expect(stage.audits()).toEqual([{ what: 'key-changed', participantId }]);
    expect(entered.texts().at(-1)).toBe('{"type":"refused","v":1,"why":"key-changed"}');
    expect(stage.stateOf(entered.peerId)).toEqual(['failed']);
    expect(stage.words).toHaveLength(2);
    // Somebody new is asked for consent anew, and may come with any browser.
    stage.join();
    expect(stage.words).toHaveLength(3);
  });

  it('closes a channel on which something comes that the viewer did not seal, and audits it', async () => {
    const stage = await startSecureSession();
    const { seal, viewer } = stage.join();
    const input = seal.seal('input', Uint8Array.of(1));
    input[12] = (input[12] ?? 0) ^ 1;
    viewer.send('input', input);
    expect(viewer.closedChannels).toEqual(['input']);
    expect(stage.audits().map((one) => one.what)).toEqual(['malformed-message']);
  });

  it('takes a sealed message once', async () => {
    const stage = await startSecureSession();
    const { seal, viewer } = stage.join();
    const ping = seal.seal('control', toPlain('{"type":"ping","n":1,"visible":true}'));
    viewer.send('control', ping);
    viewer.send('control', ping);
    expect(viewer.closedChannels).toEqual(['control']);
  });

  it('refuses a new grant for another browser', async () => {
    const stage = await startSecureSession();
    const { peerId, participantId } = stage.join();
    const claims = stage.signer.claims(peerId, participantId, ['view'], stage.clock.now());
    const viewerKey = keyThumbprint(newKey().publicKey);
    stage.server.tell('peer:grant', { peerId, grant: stage.signer.sign({ ...claims, viewerKey }) });
    expect(stage.audits()).toEqual([{ what: 'bad-grant', participantId }]);
  });
});
