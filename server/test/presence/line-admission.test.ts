import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Admission, DEFAULT_ADMISSION } from '../../src/presence/lines/admission.ts';
import { startMachineAgent } from './support/fake-machine-agent.ts';
import { type LineStage, setLineStage } from './support/line-stage.ts';
import type { MachineIdentity } from './support/machine-identity.ts';
import { openRawLine } from './support/raw-line.ts';

describe('agents that come all at once', () => {
  /** Each comes when it was told to; how many were let in during each ms. */
  function comeBack(agents: number): { arrivals: number[]; lastAt: number; tries: number } {
    const admission = new Admission(DEFAULT_ADMISSION);
    const due = new Map<number, number>([[0, agents]]);
    const arrivals: number[] = [];
    let tries = 0;
    let inside = 0;
    for (let now = 0; inside < agents; now += 1) {
      for (let left = due.get(now) ?? 0; left > 0; left -= 1) {
        tries += 1;
        const waitMs = admission.ask(now);
        if (waitMs === 0) {
          arrivals.push(now);
          inside += 1;
        } else due.set(now + waitMs, (due.get(now + waitMs) ?? 0) + 1);
      }
    }
    return { arrivals, lastAt: arrivals.at(-1) ?? 0, tries };
  }

  it('are all let in within 25 s when they are 5,000, never more than 300 in a second', () => {
    const { arrivals, lastAt, tries } = comeBack(5_000);
    expect(lastAt).toBeLessThan(25_000);
    for (const at of arrivals) {
      expect(arrivals.filter((other) => other >= at && other < at + 1_000).length).toBeLessThanOrEqual(300);
    }
    // Nearly nobody is sent away twice.
    expect(tries).toBeLessThan(2.2 * 5_000);
  });

  it('are sent away for no longer than two minutes, however many they are', () => {
    const admission = new Admission(DEFAULT_ADMISSION);
    const waits = Array.from({ length: 100_000 }, () => admission.ask(0));
    expect(Math.max(...waits)).toBeLessThanOrEqual(120_000);
  });

  describe('on a server', () => {
    let stage: LineStage;
    beforeAll(async () => {
      stage = await setLineStage({ admission: { perSecond: 3, unproved: 40, unprovedOfAddress: 20 } });
    });
    afterAll(() => stage.close());

    it('are told each another time to come back, and are let in then', async () => {
      const identities: MachineIdentity[] = [];
      for (let at = 0; at < 8; at += 1) identities.push(await stage.enrol());
      const waits: number[] = [];
      const come = async (identity: MachineIdentity): Promise<void> => {
        try {
          (await startMachineAgent(stage.url, identity)).stop();
        } catch (error) {
          const { code, details } = error as { code: string; details: { retryAfterMs: number } };
          expect(code).toBe('too-many-requests');
          waits.push(details.retryAfterMs);
          await new Promise((resolve) => setTimeout(resolve, details.retryAfterMs));
          return come(identity);
        }
      };
      await Promise.all(identities.map(come));
      expect(waits.length).toBeGreaterThan(2);
      expect(new Set(waits).size).toBeGreaterThan(waits.length / 2);
    });

    const crowd = (from: string) =>
      Promise.all(
        Array.from({ length: 20 }, () => openRawLine(stage.url, { 'x-forwarded-for': `198.51.100.${from}` })),
      );
    const isLetIn = async (from: string) => {
      const line = await openRawLine(stage.url, { 'x-forwarded-for': `198.51.100.${from}` });
      const isOpen = line.socket.readyState === line.socket.OPEN;
      line.socket.terminate();
      await line.closed;
      return isOpen;
    };

    it('get no WebSocket when too many of an address, or in all, hang about without a word', async () => {
      const first = await crowd('1');
      expect(await isLetIn('1')).toBe(false);
      expect(await isLetIn('2')).toBe(true);
      const second = await crowd('2');
      expect(await isLetIn('3')).toBe(false);
      for (const line of [...first, ...second]) line.socket.terminate();
      await Promise.all([...first, ...second].map((line) => line.closed));
      await expect.poll(() => isLetIn('1')).toBe(true);
    });
  });
});
