import {
  GuruError,
  type PowChallenge,
  PowChallenge as PowChallengeSchema,
  solveProofOfWork,
} from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { CODE_GATE_DEFAULTS, CodeGate, type CodeGateOptions, type GateMode } from './code-gate.ts';
import { Puzzles } from './puzzles.ts';

const HOUR_MS = 60 * 60_000;

function createGate(options: Partial<CodeGateOptions> = {}) {
  const clock = createTestClock(1_700_000_000_000);
  const modes: GateMode[] = [];
  const key = async () => Buffer.alloc(32, 7);
  const gate = new CodeGate({
    clock,
    puzzles: new Puzzles({ clock, key, purpose: 'code' }),
    options: { bits: { lowest: 1, highest: 3 }, ...options },
    onMode: (mode) => void modes.push(mode),
  });
  let addresses = 0;
  const freshAddress = () => {
    addresses += 1;
    return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
  };
  return { gate, clock, modes, freshAddress };
}

async function challengeOf(attempt: Promise<unknown>): Promise<PowChallenge> {
  const error: unknown = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GuruError) || error.code !== 'proof-of-work-required') throw error;
  return z.parse(PowChallengeSchema, error.details);
}

/** Numbers that look random and are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('the code gate', () => {
  it('evaluates at most 150 misses in any rolling hour, whatever is thrown at it', async () => {
    // Without proofs of work: the bound must not rest on them.
    const { gate, clock, freshAddress } = createGate({ proofFrom: Number.POSITIVE_INFINITY });
    const random = seeded(20_261_122);
    const codes = new Set<number>();
    while (codes.size < 50) codes.add(Math.floor(random() * 1_000_000));
    const evaluatedAt: number[] = [];
    let hits = 0;
    const attempts = 1_000_000;
    const hours = 24;
    for (let i = 0; i < attempts; i += 1) {
      clock.advance((hours * HOUR_MS) / attempts);
      const verdict = await gate.pass(freshAddress(), undefined);
      if (verdict.kind === 'knock') continue;
      if (codes.has(Math.floor(random() * 1_000_000))) {
        hits += 1;
        verdict.hit();
      } else evaluatedAt.push(clock.now());
    }
    let mostWithinAnHour = 0;
    for (let from = 0, to = 0; to < evaluatedAt.length; to += 1) {
      while ((evaluatedAt[to] ?? 0) - (evaluatedAt[from] ?? 0) >= HOUR_MS) from += 1;
      mostWithinAnHour = Math.max(mostWithinAnHour, to - from + 1);
    }
    expect(mostWithinAnHour).toBeLessThanOrEqual(150);
    expect(evaluatedAt.length).toBeLessThanOrEqual(150 * (hours + 1));
    // The arithmetic of the class's comment: 150 misses an hour, each a hit with 50 in a million.
    const expectedHitsAnHour = (150 * 50) / (1_000_000 - 50);
    expect(expectedHitsAnHour).toBeLessThan(0.01);
    expect(hits).toBeLessThanOrEqual(2);
  }, 120_000);

  it('counts tries before they are looked up, so that parallel ones cannot overshoot', async () => {
    const { gate, freshAddress } = createGate({ proofFrom: Number.POSITIVE_INFINITY });
    const verdicts = await Promise.all(
      Array.from({ length: 1_000 }, () => gate.pass(freshAddress(), undefined)),
    );
    expect(verdicts.filter((verdict) => verdict.kind === 'evaluate')).toHaveLength(150);
  });

  it('takes right codes out of the count again', async () => {
    const { gate, freshAddress } = createGate();
    for (let i = 0; i < 500; i += 1) {
      const verdict = await gate.pass(freshAddress(), undefined);
      if (verdict.kind !== 'evaluate') throw new Error('it does not evaluate');
      verdict.hit();
    }
    expect(gate.mode()).toBe('free');
  });

  it('refuses one source after ten misses, says how long, and lets it try once a minute', async () => {
    const { gate, clock } = createGate();
    for (let i = 0; i < 10; i += 1) await gate.pass('192.0.2.1', undefined);
    const refused = gate.pass('192.0.2.1', undefined);
    await expect(refused).rejects.toMatchObject({
      code: 'too-many-requests',
      details: { retryAfterSeconds: 60 },
    });
    await expect(gate.pass('192.0.2.2', undefined)).resolves.toMatchObject({ kind: 'evaluate' });
    clock.advance(60_000);
    await expect(gate.pass('192.0.2.1', undefined)).resolves.toMatchObject({ kind: 'evaluate' });
    await expect(gate.pass('192.0.2.1', undefined)).rejects.toMatchObject({ code: 'too-many-requests' });
  });

  it('takes a /64 for one source', async () => {
    const { gate } = createGate();
    for (let i = 0; i < 10; i += 1) await gate.pass(`2001:db8:1:2::${i}`, undefined);
    await expect(gate.pass('2001:db8:1:2:ffff::1', undefined)).rejects.toMatchObject({
      code: 'too-many-requests',
    });
    await expect(gate.pass('2001:db8:1:3::1', undefined)).resolves.toMatchObject({ kind: 'evaluate' });
  });

  it('asks for a proof of work after 60 misses, harder with each miss, and takes each once', async () => {
    const { gate, freshAddress } = createGate();
    for (let i = 0; i < 60; i += 1) await gate.pass(freshAddress(), undefined);
    const puzzle = await challengeOf(gate.pass(freshAddress(), undefined));
    expect(puzzle.bits).toBe(1);
    const proof = solveProofOfWork(puzzle);
    await expect(gate.pass(freshAddress(), proof)).resolves.toMatchObject({ kind: 'evaluate' });
    await challengeOf(gate.pass(freshAddress(), proof));
    for (let i = 61; i < 149; i += 1) {
      await gate.pass(
        freshAddress(),
        solveProofOfWork(await challengeOf(gate.pass(freshAddress(), undefined))),
      );
    }
    expect((await challengeOf(gate.pass(freshAddress(), undefined))).bits).toBe(3);
  });

  it('refuses forged, changed and outdated proofs', async () => {
    const { gate, clock, freshAddress } = createGate();
    for (let i = 0; i < 60; i += 1) await gate.pass(freshAddress(), undefined);
    const puzzle = await challengeOf(gate.pass(freshAddress(), undefined));
    const easier = puzzle.challenge.replace(/^([^.]+)\.1\./, '$1.0.');
    const forged = solveProofOfWork({ challenge: easier, bits: 1 });
    await challengeOf(gate.pass(freshAddress(), forged));
    await challengeOf(gate.pass(freshAddress(), { challenge: 'x'.repeat(60), solution: '0' }));
    await challengeOf(gate.pass(freshAddress(), { challenge: `${puzzle.challenge}AAAA`, solution: '0' }));
    const proof = solveProofOfWork(puzzle);
    clock.advance(2 * 60_000);
    await challengeOf(gate.pass(freshAddress(), proof));
  });

  it('goes from free to proof to knock and back as misses age, without flicker', async () => {
    const { gate, clock, modes, freshAddress } = createGate();
    const miss = async () => {
      const attempt = gate.pass(freshAddress(), undefined);
      const proof = await attempt.then(
        () => undefined,
        (error: unknown) => (error instanceof GuruError ? error : undefined),
      );
      if (proof) {
        await gate.pass(freshAddress(), solveProofOfWork(z.parse(PowChallengeSchema, proof.details)));
      }
    };
    for (let i = 0; i < 300; i += 1) {
      await miss();
      clock.advance(10_000);
    }
    expect(modes).toEqual(['proof', 'knock']);
    clock.advance(2 * HOUR_MS);
    expect(gate.mode()).toBe('free');
  });

  it('keeps the figures that its arithmetic rests on', () => {
    expect(CODE_GATE_DEFAULTS).toMatchObject({ proofFrom: 60, knockFrom: 150, windowMs: HOUR_MS });
  });
});
