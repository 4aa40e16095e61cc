import { describe, expect, it } from 'vitest';
import { GuruError } from '../errors.ts';
import { fromBase64Url } from './bytes.ts';
import golden from './golden/handshake.json' with { type: 'json' };
import { parseHandshakeMessage } from './handshake-message.ts';
import { encodeReveal, keyThumbprint } from './handshake-transcript.ts';
import { webrtcBinding } from './peer-binding.ts';
import { sealedCounter } from './sealed-message.ts';

const ROUNDS = 5_000;
/** Far more than any of them takes, also on a busy machine. */
const LIMIT_MS = 15_000;

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Changes, cuts, repeats and inserts in a text that is right, a few times over. */
function damaged(text: string, random: (below: number) => number): string {
  let result = text;
  for (let times = 1 + random(4); times > 0; times -= 1) {
    const at = random(result.length + 1);
    const length = random(40);
    const noise = String.fromCharCode(...Array.from({ length: random(6) }, () => random(0x180)));
    const pieces = [
      result.slice(0, at) + noise + result.slice(at + length),
      result.slice(0, at) + result.slice(at, at + length).repeat(1 + random(3)) + result.slice(at),
      result.slice(at),
      result.slice(0, at).toUpperCase() + result.slice(at),
    ];
    result = pieces[random(pieces.length)] ?? '';
  }
  return result;
}

/** Reads hostile input again and again: only errors of ours may come of it, and soon. */
function withstands(seed: number, read: (random: (below: number) => number) => void): void {
  const random = seeded(seed);
  const startedMs = performance.now();
  for (let round = 0; round < ROUNDS; round += 1) {
    try {
      read(random);
    } catch (error) {
      if (!(error instanceof GuruError && error.code === 'invalid-message')) throw error;
    }
  }
  expect(performance.now() - startedMs).toBeLessThan(LIMIT_MS);
}

const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':');
const sdp = `v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\na=fingerprint:sha-256 ${fingerprint}\r\na=setup:actpass\r\n`;
const proof = JSON.stringify({
  type: 'agent-proof',
  v: 1,
  reveal: golden.agentReveal,
  signature: 'S'.repeat(86),
});

describe('hostile input to the handshake', () => {
  it('is refused in messages', () => {
    expect(() => parseHandshakeMessage(proof)).not.toThrow();
    withstands(1, (random) => void parseHandshakeMessage(damaged(proof, random)));
  });

  it('brings no description to another certificate than the one it names everywhere', () => {
    const bound = webrtcBinding(sdp);
    expect(bound).toBe(`webrtc:${'ab'.repeat(32)}`);
    withstands(2, (random) => {
      const text = damaged(sdp, random);
      const read = webrtcBinding(text);
      if (read === undefined) return;
      expect(read).toMatch(/^webrtc:[0-9a-f]{64}$/);
      const named = [...text.matchAll(/fingerprint:sha-256 ([0-9A-Fa-f:]+)/gi)];
      for (const [, value = ''] of named)
        expect(read).toBe(`webrtc:${value.replaceAll(':', '').toLowerCase()}`);
    });
  });

  it('takes no long time over a description full of certificates', () => {
    const startedMs = performance.now();
    const lines = `a=fingerprint:sha-256 ${fingerprint}\r\n`.repeat(280);
    expect(webrtcBinding(`v=0\r\n${lines}`)).toBe(`webrtc:${'ab'.repeat(32)}`);
    expect(webrtcBinding(`v=0\r\n${'fingerprint'.repeat(2_900)}`)).toBeUndefined();
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  it('is refused in keys', () => {
    const { agentReveal } = golden;
    const whole = { ...agentReveal, v: 1 as const };
    withstands(3, (random) => {
      const text = damaged(agentReveal.identityKey, random);
      fromBase64Url(text);
      encodeReveal({ ...whole, identityKey: text });
      keyThumbprint(text);
    });
  });

  it('is refused in sealed messages', () => {
    withstands(4, (random) => {
      const noise = Uint8Array.from({ length: random(64) }, () => random(256));
      expect(Number.isSafeInteger(sealedCounter(noise))).toBe(true);
    });
  });
});
