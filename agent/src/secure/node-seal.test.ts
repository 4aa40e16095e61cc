import type { HandshakeRole, SealedLabel } from '@guruconnect/shared';
import { goldenHandshake } from '@guruconnect/shared/testing';
import { describe, expect, it } from 'vitest';
import { NodeSeal } from './node-seal.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const newSeal = (role: HandshakeRole) =>
  new NodeSeal({
    secret: hex(goldenHandshake.secretHex),
    salt: hex(goldenHandshake.transcriptDigestHex),
    role,
  });
const bytes = (text: string) => Buffer.from(text);

describe('sealing with node', () => {
  it('makes exactly these bytes, and reads them', () => {
    const seals = { agent: newSeal('agent'), viewer: newSeal('viewer') };
    for (const { label, sender, text, hex: sealed } of goldenHandshake.sealed) {
      const [from, to] = sender === 'agent' ? [seals.agent, seals.viewer] : [seals.viewer, seals.agent];
      expect(Buffer.from(from.seal(label as SealedLabel, bytes(text))).toString('hex')).toBe(sealed);
      expect(Buffer.from(to.open(label as SealedLabel, hex(sealed))).toString()).toBe(text);
    }
  });

  it('reads nothing on another label, and not what it sealed itself', () => {
    const agent = newSeal('agent');
    const sealed = agent.seal('control', bytes('x'));
    expect(() => newSeal('viewer').open('input', sealed)).toThrow(/not sealed by the other end/);
    expect(() => agent.open('control', sealed)).toThrow(/not sealed by the other end/);
  });

  it('notices every changed bit', () => {
    const sealed = newSeal('agent').seal('control', bytes('{"type":"hello"}'));
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => newSeal('viewer').open('control', changed)).toThrow(
        expect.objectContaining({ code: 'invalid-message' }),
      );
    }
  });

  it('misses nothing in an ordered channel, and lets pictures and moves be lost', () => {
    const agent = newSeal('agent');
    const viewer = newSeal('viewer');
    for (const label of ['frames', 'video'] as const) {
      const three = ['a', 'b', 'c'].map((text) => agent.seal(label, bytes(text)));
      for (const at of [2, 0]) viewer.open(label, three[at] as Uint8Array);
      expect(() => viewer.open(label, three[2] as Uint8Array)).toThrow(/out of its order/);
    }
    const [, second] = ['a', 'b'].map((text) => agent.seal('tiles', bytes(text)));
    expect(() => viewer.open('tiles', second as Uint8Array)).toThrow(/out of its order/);
  });

  it('does not spend a number on a message that does not open', () => {
    const agent = newSeal('agent');
    const viewer = newSeal('viewer');
    const good = agent.seal('control', bytes('good'));
    const bad = Uint8Array.from(good);
    bad[20] = (bad[20] ?? 0) ^ 1;
    expect(() => viewer.open('control', bad)).toThrow();
    expect(Buffer.from(viewer.open('control', good)).toString()).toBe('good');
  });

  it('opens nothing of 20,000 random messages, and takes no time over them', () => {
    let state = 7;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state % below;
    };
    const seal = newSeal('viewer');
    const startedMs = performance.now();
    for (let round = 0; round < 20_000; round += 1) {
      const noise = Uint8Array.from({ length: random(120) }, () => random(256));
      // Half of them with a number that is expected.
      if (round % 2 === 0) noise.fill(0, 0, 8);
      expect(() => seal.open('frames', noise)).toThrow(expect.objectContaining({ code: 'invalid-message' }));
    }
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  });
});
