import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSolved, solveProofOfWork } from './proof-of-work.ts';
import { sha256 } from './sha256.ts';

function hex(words: Uint32Array): string {
  return [...words].map((word) => word.toString(16).padStart(8, '0')).join('');
}

describe('SHA-256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('digests "%s" as FIPS 180-4 says', (text, digest) => {
    expect(hex(sha256(new TextEncoder().encode(text)))).toBe(digest);
  });

  it('agrees with the platform at every length around the block borders', () => {
    for (let length = 0; length <= 200; length += 1) {
      const message = randomBytes(length);
      expect(hex(sha256(message))).toBe(createHash('sha256').update(message).digest('hex'));
    }
  });
});

describe('a proof of work', () => {
  const challenge = 'a challenge of some length';

  it('is solved by what the solver finds, and by nothing less', () => {
    const proof = solveProofOfWork({ challenge, bits: 10 });
    const digest = createHash('sha256').update(`${challenge}.${proof.solution}`).digest();
    expect(digest.readUInt16BE(0) >> 6).toBe(0);
    expect(isSolved(challenge, proof.solution, 10)).toBe(true);
    expect(isSolved(challenge, `${proof.solution}0`, 20)).toBe(false);
    expect(isSolved('another challenge', proof.solution, 20)).toBe(false);
  });

  it('takes about twice the tries for each bit more', () => {
    const tries = (bits: number) => {
      let sum = 0;
      for (let i = 0; i < 24; i += 1) {
        sum += Number.parseInt(solveProofOfWork({ challenge: `${challenge} ${i}`, bits }).solution, 36) + 1;
      }
      return sum / 24;
    };
    expect(tries(8)).toBeGreaterThan(256 / 2.5);
    expect(tries(8)).toBeLessThan(256 * 2.5);
    expect(tries(11)).toBeGreaterThan(2048 / 2.5);
    expect(tries(11)).toBeLessThan(2048 * 2.5);
  });
});
