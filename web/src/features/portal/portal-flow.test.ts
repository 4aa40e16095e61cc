import { GuruError, isSolved, solveProofOfWork } from '@guruconnect/shared';
import { expect, it } from 'vitest';
import type { ApiClient } from '../../lib/api-client.ts';
import { createSeatStore } from './guest-seat.ts';
import { createPortalFlow } from './portal-flow.ts';

const token = 'a'.repeat(43);
const sessionId = '3f2b8a52-9f0c-4c52-9d0e-0a35a8b8f001';
const challenge = { challenge: 'challenge-of-the-server', bits: 6 };

/** A flow whose server answers as told; the puzzle is real. */
function makeFlow(answer: (name: string, input: { body?: { proof?: unknown } }) => unknown) {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const call = async (name: string, input: object = {}) => answer(name, input);
  const api: ApiClient = { call: call as ApiClient['call'], onSignedOut: () => () => undefined };
  const make = () =>
    createPortalFlow({
      api,
      seats: createSeatStore(storage),
      solve: async (one) => solveProofOfWork(one),
      now: () => 1_000,
    });
  return { flow: make(), reload: make };
}

it('sits down with the token of a good code, and still does after a reload', async () => {
  const { flow, reload } = makeFlow(() => ({ status: 'joined', sessionId, guestToken: token }));
  await flow.redeem('847291');
  const seated = { step: 'seated', seat: { kind: 'guest', token, code: '847291' } };
  expect(flow.getState().current).toEqual(seated);
  expect(reload().getState().current).toEqual(seated);
});

it('marks the boxes for a wrong code and says no more than the server', async () => {
  const { flow } = makeFlow(() => {
    throw GuruError.codeNotValid();
  });
  await flow.redeem('000000');
  expect(flow.getState().current).toEqual({
    step: 'entry',
    problem: { text: GuruError.codeNotValid().message, isAboutCode: true },
  });
});

it('counts down after too many tries', async () => {
  const { flow } = makeFlow(() => {
    throw GuruError.tooManyRequests(30);
  });
  await flow.redeem('000000');
  expect(flow.getState().current).toMatchObject({ problem: { retryAt: 31_000, isAboutCode: false } });
});

it('solves the puzzle that the server wants and tries again by itself', async () => {
  const { flow } = makeFlow((_name, { body }) => {
    const proof = body?.proof as { challenge: string; solution: string } | undefined;
    if (proof && isSolved(proof.challenge, proof.solution, challenge.bits)) {
      return { status: 'knocking', knockToken: token };
    }
    throw new GuruError('proof-of-work-required', 'Work first.', { details: challenge });
  });
  const steps: unknown[] = [];
  flow.subscribe(() => steps.push(flow.getState().current));
  await flow.redeem('847291');
  expect(steps).toContainEqual({ step: 'working', doing: 'connecting', proving: true });
  expect(flow.getState().current).toMatchObject({ step: 'seated', seat: { kind: 'knock', token } });
});

it('gives up on a server that is never content', async () => {
  let calls = 0;
  const { flow } = makeFlow(() => {
    calls += 1;
    throw new GuruError('proof-of-work-required', 'Work first.', { details: challenge });
  });
  await flow.redeem('847291');
  expect(flow.getState().current).toMatchObject({ step: 'entry', problem: { text: 'Work first.' } });
  expect(calls).toBe(4);
});

it('forgets the seat when the session is over', async () => {
  const { flow, reload } = makeFlow(() => ({ sessionId, guestToken: token, code: '123456' }));
  await flow.issue();
  expect(flow.getState().current).toMatchObject({ seat: { code: '123456' } });
  flow.startAgain('Over.');
  expect(flow.getState().current).toEqual({ step: 'entry', notice: 'Over.' });
  expect(reload().getState().current).toEqual({ step: 'entry' });
});
