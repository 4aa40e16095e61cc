import { PowChallenge, solveProofOfWork } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { CODE_GATE_DEFAULTS } from '../../src/sessions/gate/code-gate.ts';
import { openConsole } from './support/fake-console.ts';
import { openGuestPanel } from './support/fake-guest.ts';
import { codeOf, redeem } from './support/redeem.ts';
import { type Person, type Stage, setStage } from './support/stage.ts';

const ADDRESSES = 1_000;
const TRIES_PER_ADDRESS = 20;
const AT_ONCE = 16;

const Refusal = z.object({ error: z.object({ details: PowChallenge }) });

describe('20,000 wrong codes from 1,000 addresses', () => {
  let stage: Stage;
  let owner: Person;
  const active: string[] = [];

  beforeAll(async () => {
    // Puzzles that cost the attacker nothing: none of what follows may rest on them.
    const bits = { lowest: 1, highest: 1 };
    stage = await setStage({ config: { trustedProxies: ['127.0.0.1'] }, tuning: { gate: { bits } } });
    owner = await stage.hire('tess', 'technician');
    for (let i = 0; i < 50; i += 1) {
      active.push((await codeOf(owner.client.call('createSession', { body: {} }))).code);
    }
  }, 120_000);
  afterAll(() => stage.close());

  it('hit nothing, and a genuine user still gets in within 3 seconds', async () => {
    const answers = await attack();
    expect(answers.joined).toBe(0);
    expect(answers.evaluated).toBeLessThanOrEqual(150);
    expect(answers.knocking).toBeGreaterThan(1_000);
    expect(answers.refused).toBeGreaterThan(5_000);

    const { code, id } = await codeOf(owner.client.call('createSession', { body: {} }));
    const desk = await openConsole(owner.client);
    await desk.ask('sessions:watch', {});
    const started = Date.now();
    // What the user's browser has to pay when puzzles are as hard as they get.
    solveProofOfWork({ challenge: 'as hard as it gets', bits: CODE_GATE_DEFAULTS.bits.highest });
    const entry = await redeem(stage.server.browser(), code);
    if (entry.status !== 'knocking') throw new Error('The gate is not in knock mode.');
    const waiting = await openGuestPanel(stage.url, { knockToken: entry.knockToken });
    const shown = await desk.inbox.next(
      'session:changed',
      (view) => view.id === id && view.knocks.length > 0,
    );
    const knockId = shown.knocks[0]?.id ?? '';
    await owner.client.call('answerKnock', { params: { sessionId: id, knockId }, body: { admit: true } });
    const { guestToken } = await waiting.inbox.next('knock:admitted');
    const panel = await openGuestPanel(stage.url, { guestToken });
    const view = await panel.ask('guest:watch', {});
    expect(Date.now() - started).toBeLessThan(3_000);
    expect(view.sessionId).toBe(id);
    for (const one of [desk, waiting, panel]) one.close();
  }, 600_000);

  it('raise an alarm in the audit log for each mode entered', async () => {
    const { entries } = await stage.admin.client.call('listAudit', { query: { limit: 500 } });
    const alarms = entries.filter((entry) => entry.action === 'code-guessing.mode-changed');
    expect(alarms.map((alarm) => alarm.details.mode).reverse()).toEqual(['proof', 'knock']);
  });

  /** Guesses codes that nobody has, as fast as it goes, solving whatever puzzle comes. */
  async function attack() {
    const counts = { joined: 0, evaluated: 0, knocking: 0, refused: 0 };
    const browser = stage.server.browser();
    let next = 0;
    const guess = async (address: string, code: string) => {
      const headers = { 'x-forwarded-for': address };
      let answer = await browser.send('redeemCode', { body: { code }, headers });
      if (answer.status === 428) {
        const proof = solveProofOfWork(z.parse(Refusal, answer.body).error.details);
        answer = await browser.send('redeemCode', { body: { code, proof }, headers });
      }
      if (answer.status === 404) counts.evaluated += 1;
      else if (answer.status === 429) counts.refused += 1;
      else if (JSON.stringify(answer.body).includes('knocking')) counts.knocking += 1;
      else counts.joined += 1;
    };
    const work = async () => {
      for (let n = next++; n < ADDRESSES * TRIES_PER_ADDRESS; n = next++) {
        const address = `198.51.${Math.floor((n % ADDRESSES) / 250)}.${(n % ADDRESSES) % 250}`;
        let code = String((n * 7_919) % 1_000_000).padStart(6, '0');
        while (active.includes(code)) code = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
        await guess(address, code);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return counts;
  }
});
