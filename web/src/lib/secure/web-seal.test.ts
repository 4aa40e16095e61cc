import { HandshakeReveal, type HandshakeRole, type SealedLabel } from '@guruconnect/shared';
import { goldenHandshake } from '@guruconnect/shared/testing';
import { describe, expect, it } from 'vitest';
import { agreeOnSeal, isHandshakeSigned, newHalf, newIdentity, signHandshake } from './web-handshake.ts';
import { WebSeal } from './web-seal.ts';

const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder().decode(content);

async function newSeal(role: HandshakeRole): Promise<WebSeal> {
  const secret = hex(goldenHandshake.secretHex);
  const master = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  return new WebSeal({ master, salt: hex(goldenHandshake.transcriptDigestHex), role });
}

describe('sealing with the web', () => {
  it('makes exactly these bytes, and reads them', async () => {
    const seals = { agent: await newSeal('agent'), viewer: await newSeal('viewer') };
    for (const { label, sender, text: said, hex: sealed } of goldenHandshake.sealed) {
      const [from, to] = sender === 'agent' ? [seals.agent, seals.viewer] : [seals.viewer, seals.agent];
      expect(toHex(await from.seal(label as SealedLabel, bytes(said)))).toBe(sealed);
      expect(text(await to.open(label as SealedLabel, hex(sealed)))).toBe(said);
    }
  });

  it('keeps the order in which it was asked, whatever the sizes', async () => {
    const agent = await newSeal('agent');
    const viewer = await newSeal('viewer');
    const sizes = Array.from({ length: 60 }, (_, at) => (at % 3 === 0 ? 300_000 : at));
    const order: number[] = [];
    const opened: number[] = [];
    const all = sizes.map((size, at) =>
      agent.seal('tiles', new Uint8Array(size)).then((sealed) => {
        order.push(at);
        return viewer.open('tiles', sealed).then((plain) => opened.push(plain.length));
      }),
    );
    await Promise.all(all);
    expect(order).toEqual(sizes.map((_, at) => at));
    expect(opened).toEqual(sizes);
  });

  it.each([
    ['changed', (sealed: Uint8Array) => sealed.fill(9, 20, 21)],
    ['cut', (sealed: Uint8Array) => sealed.subarray(0, 10)],
    ['sent twice', (sealed: Uint8Array) => sealed],
  ])('does not read what was %s', async (what, change) => {
    const viewer = await newSeal('viewer');
    const sealed = await (await newSeal('agent')).seal('cursor', bytes('a pointer'));
    if (what === 'sent twice') await viewer.open('cursor', sealed.slice());
    const changed = Uint8Array.from(change(sealed.slice()));
    await expect(viewer.open('cursor', changed)).rejects.toThrow();
    await viewer.idle();
  });
});

describe('a handshake on the web', () => {
  const reveals = {
    agent: HandshakeReveal.parse(goldenHandshake.agentReveal),
    viewer: HandshakeReveal.parse(goldenHandshake.viewerReveal),
  };
  const { sessionId, peerId, binding, digest } = goldenHandshake;
  const context = { sessionId, peerId, binding, commit: { v: 1, digest } as const, reveal: reveals.viewer };

  it('is signed by the key that is revealed, as one of the two ends, and by nobody else', async () => {
    const half = await newHalf(await newIdentity());
    const signature = await signHandshake(half, context, 'agent');
    const { publicKey } = half.identity;
    expect(await isHandshakeSigned(context, 'agent', publicKey, signature)).toBe(true);
    expect(await isHandshakeSigned(context, 'viewer', publicKey, signature)).toBe(false);
    expect(await isHandshakeSigned({ ...context, peerId: 'x' }, 'agent', publicKey, signature)).toBe(false);
    expect(await isHandshakeSigned(context, 'agent', reveals.agent.identityKey, signature)).toBe(false);
    expect(await isHandshakeSigned(context, 'agent', `${'A'.repeat(86)}A`, signature)).toBe(false);
  });

  it('brings both ends to the same keys, and none with a key that is no point', async () => {
    const agent = await newHalf(await newIdentity());
    const viewer = await newHalf(await newIdentity());
    const both = { ...context, reveal: viewer.reveal };
    const ours = await agreeOnSeal(viewer, both, agent.reveal, 'viewer');
    const theirs = await agreeOnSeal(agent, both, agent.reveal, 'agent');
    expect(text(await theirs.open('input', await ours.seal('input', bytes('a'))))).toBe('a');
    expect(text(await ours.open('video', await theirs.seal('video', bytes('b'))))).toBe('b');
    const noPoint = { ...agent.reveal, exchangeKey: `B${'A'.repeat(86)}` };
    await expect(agreeOnSeal(viewer, both, noPoint, 'viewer')).rejects.toThrow();
  });

  it('keeps its own key where nobody can read it', async () => {
    const { privateKey } = await newIdentity();
    await expect(crypto.subtle.exportKey('pkcs8', privateKey)).rejects.toThrow();
  });
});
