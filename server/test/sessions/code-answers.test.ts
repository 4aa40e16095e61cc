import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MACHINE } from './support/fake-agent.ts';
import { codeOf, KNOCKING, median, otherCode, WIDE_OPEN } from './support/redeem.ts';
import { createShiftedClock } from './support/shifted-clock.ts';
import { type Stage, setStage } from './support/stage.ts';

const TIMINGS = 500;
const MOST_MS_APART = 2;

describe('a code that lets nobody in', () => {
  // Without sweeps, so that an expired code is still stored as active: the hardest case.
  const clock = createShiftedClock();
  const codes: Record<string, string> = {};
  let stage: Stage;

  beforeAll(async () => {
    stage = await setStage({ tuning: { gate: WIDE_OPEN }, clock });
    const { client } = stage.admin;
    const generate = (expiresInMinutes: number | null) =>
      codeOf(client.call('createSession', { body: { expiresInMinutes } }));
    const cancelled = await generate(null);
    await client.call('cancelSession', { params: { sessionId: cancelled.id } });
    const used = await generate(null);
    await client.call('redeemCode', { body: { code: used.code } });
    const expired = await generate(1);
    clock.shift(61_000);
    const wrong = otherCode(cancelled.code, used.code, expired.code);
    Object.assign(codes, { wrong, cancelled: cancelled.code, used: used.code, expired: expired.code });
  });
  afterAll(() => stage.close());

  it('gets one answer, whatever is wrong with it', async () => {
    const browser = stage.server.browser();
    const answers = await Promise.all(
      Object.values(codes).map((code) => browser.send('redeemCode', { body: { code } })),
    );
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404, 404]);
    const bodies = new Set(answers.map((answer) => JSON.stringify(answer.body)));
    expect([...bodies]).toEqual([
      '{"error":{"code":"code-not-valid","message":"This code is not valid. Check the digits with your technician."}}',
    ]);
  });

  it('gets it from the agent exchange too', async () => {
    const browser = stage.server.browser();
    const { used: _used, ...unusable } = codes;
    const answers = await Promise.all(
      Object.values(unusable).map((code) =>
        browser.send('exchangeCode', { body: { code, machine: MACHINE } }),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size).toBe(1);
    expect(answers[0]?.status).toBe(404);
  });

  it(`gets it in the same time: medians of ${TIMINGS} within ${MOST_MS_APART} ms`, async () => {
    const browser = stage.server.browser();
    const times: Record<string, number[]> = { wrong: [], cancelled: [], used: [], expired: [] };
    for (let i = 0; i < TIMINGS; i += 1) {
      // In turn, so that a slow moment of the machine strikes all alike.
      for (const [what, code] of Object.entries(codes)) {
        const started = performance.now();
        await browser.send('redeemCode', { body: { code } });
        times[what]?.push(performance.now() - started);
      }
    }
    const medians = Object.values(times).map(median);
    expect(Math.max(...medians) - Math.min(...medians)).toBeLessThan(MOST_MS_APART);
  }, 180_000);
});

describe('any code while codes are under attack', () => {
  let stage: Stage;
  let code: string;

  beforeAll(async () => {
    stage = await setStage({ tuning: { gate: KNOCKING } });
    ({ code } = await codeOf(stage.admin.client.call('createSession', { body: {} })));
  });
  afterAll(() => stage.close());

  it('gets the same answer in the same time, right or wrong', async () => {
    const browser = stage.server.browser();
    const times: [number[], number[]] = [[], []];
    const wrong = otherCode(code);
    for (let i = 0; i < 200; i += 1) {
      for (const [n, tried] of [code, wrong].entries()) {
        const started = performance.now();
        const answer = await browser.send('redeemCode', { body: { code: tried } });
        times[n]?.push(performance.now() - started);
        expect(answer).toMatchObject({ status: 200, body: { status: 'knocking' } });
        expect(Object.keys(answer.body as object)).toEqual(['status', 'knockToken']);
      }
    }
    expect(Math.abs(median(times[0]) - median(times[1]))).toBeLessThan(MOST_MS_APART);
  }, 60_000);
});
