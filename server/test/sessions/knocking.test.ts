import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestClock } from '../support/test-clock.ts';
import { MACHINE, startAgent } from './support/fake-agent.ts';
import { type FakeConsole, openConsole } from './support/fake-console.ts';
import { openGuestPanel } from './support/fake-guest.ts';
import { refusalOf } from './support/inbox.ts';
import { codeOf, KNOCKING, otherCode } from './support/redeem.ts';
import { type Person, type Stage, setStage } from './support/stage.ts';

/** Longer than the pause before a knock is looked up. */
const LOOK_UP_MS = 300;
const WAIT_MS = 90_000;

describe('knocking while codes are under attack', () => {
  const clock = createTestClock();
  let stage: Stage;
  let owner: Person;
  let desk: FakeConsole;

  beforeAll(async () => {
    stage = await setStage({ tuning: { gate: KNOCKING }, clock });
    owner = await stage.hire('tess', 'technician');
    desk = await openConsole(owner.client);
    await desk.ask('sessions:watch', {});
  });
  afterAll(async () => {
    desk.close();
    await stage.close();
  });

  const generate = () => codeOf(owner.client.call('createSession', { body: {} }));
  const answer = (sessionId: string, knockId: string, admit: boolean) =>
    owner.client.call('answerKnock', { params: { sessionId, knockId }, body: { admit } });

  async function knockAsGuest(code: string) {
    const entry = await stage.server.browser().call('redeemCode', { body: { code } });
    if (entry.status !== 'knocking') throw new Error('The guest was let in.');
    clock.advance(LOOK_UP_MS);
    return { knockToken: entry.knockToken, guest: await openGuestPanel(stage.url, entry) };
  }

  async function shownKnock(sessionId: string, kind: 'guest' | 'agent') {
    const view = await desk.inbox.next(
      'session:changed',
      (one) => one.id === sessionId && one.knocks.some((knock) => knock.kind === kind),
    );
    return view.knocks.find((knock) => knock.kind === kind)?.id ?? '';
  }

  it('shows a right code to its technician, who lets the guest in', async () => {
    const { id, code } = await generate();
    const { guest } = await knockAsGuest(code);
    const view = await answer(id, await shownKnock(id, 'guest'), true);
    expect(view).toMatchObject({ lifecycle: { phase: 'open' }, knocks: [] });
    const { guestToken } = await guest.inbox.next('knock:admitted');
    const panel = await openGuestPanel(stage.url, { guestToken });
    expect(await panel.ask('guest:watch', {})).toMatchObject({ sessionId: id });
    guest.close();
    panel.close();
  });

  it('lets in a guest whose page was away when the technician answered', async () => {
    const { id, code } = await generate();
    const { guest, knockToken } = await knockAsGuest(code);
    guest.close();
    await answer(id, await shownKnock(id, 'guest'), true);
    const back = await openGuestPanel(stage.url, { knockToken });
    expect((await back.inbox.next('knock:admitted')).guestToken).toMatch(/^.{43}$/);
    back.close();
  });

  it('sends a guest away whom the technician refuses, also when they come back with the token', async () => {
    const { id, code } = await generate();
    const { guest, knockToken } = await knockAsGuest(code);
    const knockId = await shownKnock(id, 'guest');
    await answer(id, knockId, false);
    await guest.inbox.next('knock:refused');
    const back = await openGuestPanel(stage.url, { knockToken });
    await back.inbox.next('knock:refused');
    expect(await refusalOf(answer(id, knockId, true))).toBe('conflict');
    guest.close();
    back.close();
  });

  it('keeps wrong codes waiting exactly as long as right ones that nobody answers', async () => {
    const { id, code } = await generate();
    const right = await knockAsGuest(code);
    const started = clock.now();
    const wrong = await knockAsGuest(otherCode(code));
    await shownKnock(id, 'guest');
    // Both were heard: their pages are told nothing until the very end.
    expect(await refusalOf(right.guest.ask('guest:watch', {}))).toBe('not-allowed');
    expect(await refusalOf(wrong.guest.ask('guest:watch', {}))).toBe('not-allowed');
    clock.advance(WAIT_MS - LOOK_UP_MS - 1_000 - (clock.now() - started));
    expect([right, wrong].map(({ guest }) => guest.inbox.all('knock:refused'))).toEqual([[], []]);
    clock.advance(LOOK_UP_MS + 2_000);
    await Promise.all([right, wrong].map(({ guest }) => guest.inbox.next('knock:refused')));
    right.guest.close();
    wrong.guest.close();
  });

  it('does not ring for a code whose guest is there already', async () => {
    const { id, code } = await generate();
    const first = await knockAsGuest(code);
    await answer(id, await shownKnock(id, 'guest'), true);
    await first.guest.inbox.next('knock:admitted');
    const second = await knockAsGuest(code);
    expect((await owner.client.call('getSession', { params: { sessionId: id } })).knocks).toEqual([]);
    first.guest.close();
    second.guest.close();
  });

  it('makes an agent wait too, and gives it the slot when the technician admits it', async () => {
    const { id, code } = await generate();
    const anybody = stage.server.browser();
    const entry = await anybody.call('exchangeCode', { body: { code, machine: MACHINE } });
    if (entry.status !== 'waiting') throw new Error('The agent was let in.');
    const { knockToken } = entry;
    clock.advance(LOOK_UP_MS);
    const knockId = await shownKnock(id, 'agent');
    expect(await anybody.call('exchangeKnock', { body: { knockToken } })).toMatchObject({
      status: 'waiting',
    });
    await answer(id, knockId, true);
    const joined = await anybody.call('exchangeKnock', { body: { knockToken } });
    if (joined.status !== 'joined') throw new Error('The agent still waits.');
    const agent = await startAgent(stage.url, joined.sessionToken);
    expect((await agent.inbox.next('session:changed')).sessionId).toBe(id);
    agent.close();
  });

  it('tells an agent with a wrong code to wait, and then that it is wrong', async () => {
    const anybody = stage.server.browser();
    const entry = await anybody.call('exchangeCode', { body: { code: '000000', machine: MACHINE } });
    if (entry.status !== 'waiting') throw new Error('The agent was let in.');
    const { knockToken } = entry;
    expect((await anybody.call('exchangeKnock', { body: { knockToken } })).status).toBe('waiting');
    clock.advance(WAIT_MS);
    expect(await refusalOf(anybody.call('exchangeKnock', { body: { knockToken } }))).toBe('code-not-valid');
  });

  it('lets nobody answer the knock of a session that is not theirs', async () => {
    const other = await stage.hire('otto', 'technician');
    const { id, code } = await generate();
    const { guest } = await knockAsGuest(code);
    const knockId = await shownKnock(id, 'guest');
    const theirs = await codeOf(other.client.call('createSession', { body: {} }));
    const params = { sessionId: id, knockId };
    expect(await refusalOf(other.client.call('answerKnock', { params, body: { admit: true } }))).toBe(
      'not-allowed',
    );
    const crossed = { sessionId: theirs.id, knockId };
    const viaOwn = other.client.call('answerKnock', { params: crossed, body: { admit: true } });
    expect(await refusalOf(viaOwn)).toBe('not-found');
    guest.close();
  });
});
