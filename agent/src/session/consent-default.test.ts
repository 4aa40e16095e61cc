import type { AgentSessionView } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { sessionView } from '../../test/support/start-session.ts';
import { silentLog } from '../core/log.ts';
import { ConsentDefault, type Countdown } from './consent-default.ts';

const ANNA = '11111111-1111-4111-8111-111111111111';
const BEN = '22222222-2222-4222-8222-222222222222';

function asks(ids: readonly string[], more: Partial<AgentSessionView> = {}): AgentSessionView {
  return {
    ...sessionView('33333333-3333-4333-8333-333333333333'),
    guestPanelOpen: false,
    consentTimeout: { seconds: 30, otherwise: 'allow' },
    participants: ids.map((id) => ({
      id,
      name: 'Anna',
      grant: { status: 'asked', wants: 'control', since: 0 },
      hasControl: false,
    })),
    ...more,
  };
}

function start({ isSomebodyThere = true } = {}) {
  const clock = new FakeClock();
  const answers: [string, string][] = [];
  const countdowns: (Countdown | undefined)[] = [];
  const state = { failure: undefined as Error | undefined };
  const person = new ConsentDefault({
    clock,
    isSomebodyThere: async () => isSomebodyThere,
    answer: async (participantId, answer) => {
      answers.push([participantId, answer]);
      if (state.failure) throw state.failure;
    },
    onCountdown: (countdown) => countdowns.push(countdown),
    log: silentLog,
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { clock, answers, countdowns, person, settle, state };
}

describe('a question that nobody answers', () => {
  it.each([
    ['allow', 'control'],
    ['refuse', 'refuse'],
  ] as const)('is answered after its time: %s', async (otherwise, answer) => {
    const { clock, answers, countdowns, person, settle } = start();
    person.sessionChanged(asks([ANNA], { consentTimeout: { seconds: 30, otherwise } }));
    await settle();
    expect(countdowns).toEqual([{ participantId: ANNA, secondsLeft: 30, otherwise }]);
    clock.advance(29_999);
    expect(answers).toEqual([]);
    expect(countdowns.at(-1)?.secondsLeft).toBe(1);
    expect(countdowns).toHaveLength(30);
    clock.advance(1);
    expect(answers).toEqual([[ANNA, answer]]);
    clock.advance(60_000);
    expect(answers).toHaveLength(1);
  });

  it('is answered at once when nobody is logged on', async () => {
    const { answers, person, settle } = start({ isSomebodyThere: false });
    person.sessionChanged(asks([ANNA]));
    await settle();
    expect(answers).toEqual([[ANNA, 'control']]);
  });

  it.each([
    ['it may take as long as it takes', { consentTimeout: null }],
    ['a guest panel asks', { guestPanelOpen: true }],
    ['nobody need be asked', { consentRequired: false }],
  ])('waits when %s, even with nobody there', async (_why, more) => {
    const { clock, answers, countdowns, person, settle } = start({ isSomebodyThere: false });
    person.sessionChanged(asks([ANNA], more));
    await settle();
    clock.advance(3_600_000);
    expect(answers).toEqual([]);
    expect(countdowns).toEqual([]);
  });

  it('is not answered any more when somebody did, or the session is over', async () => {
    const { clock, answers, countdowns, person } = start();
    person.sessionChanged(asks([ANNA]));
    clock.advance(10_000);
    person.sessionChanged(asks([]));
    expect(countdowns.at(-1)).toBeUndefined();
    person.sessionChanged(asks([BEN]));
    person.sessionEnded(null);
    clock.advance(60_000);
    expect(answers).toEqual([]);
  });

  it('keeps its time while the session changes, and the next one has a time of its own', async () => {
    const { clock, answers, person } = start();
    person.sessionChanged(asks([ANNA, BEN]));
    clock.advance(20_000);
    person.sessionChanged(asks([ANNA, BEN]));
    clock.advance(10_000);
    expect(answers).toEqual([[ANNA, 'control']]);
    person.sessionChanged(asks([BEN]));
    clock.advance(29_000);
    expect(answers).toHaveLength(1);
    clock.advance(1_000);
    expect(answers.at(-1)).toEqual([BEN, 'control']);
  });

  it('is answered again while the server cannot be told', async () => {
    const { clock, answers, person, settle, state } = start();
    state.failure = new Error('offline');
    person.sessionChanged(asks([ANNA]));
    clock.advance(30_000);
    await settle();
    state.failure = undefined;
    clock.advance(2_000);
    await settle();
    clock.advance(60_000);
    expect(answers).toHaveLength(2);
  });
});
