import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestClock } from '../support/test-clock.ts';
import { openConsole } from './support/fake-console.ts';
import { openGuestPanel } from './support/fake-guest.ts';
import { refusalOf } from './support/inbox.ts';
import { otherCode, withProof } from './support/redeem.ts';
import { type Person, type Stage, setStage } from './support/stage.ts';

const MINUTE_MS = 60_000;

describe('a code that the portal issues', () => {
  const clock = createTestClock();
  let stage: Stage;
  let tess: Person;
  let otto: Person;

  beforeAll(async () => {
    stage = await setStage({ clock });
    tess = await stage.hire('tess', 'technician');
    otto = await stage.hire('otto', 'technician');
  });
  afterAll(() => stage.close());

  const issue = () => {
    clock.advance(10 * MINUTE_MS);
    return stage.server.browser().call('issueCode', { body: {} });
  };

  it('is shown to nobody until a technician types it, whose it is then', async () => {
    const { code, guestToken, sessionId } = await issue();
    const guest = await openGuestPanel(stage.url, { guestToken });
    expect(await guest.ask('guest:watch', {})).toMatchObject({ code, technicianName: null });
    const { sessions } = await tess.client.call('listSessions', { query: {} });
    expect(sessions.map((one) => one.id)).not.toContain(sessionId);
    const claimed = await tess.client.call('claimCode', { body: { code } });
    expect(claimed).toMatchObject({ id: sessionId, origin: 'portal', owner: { userId: tess.userId } });
    await guest.inbox.next('guest:changed', (view) => view.technicianName === 'Mx tess');
    expect(await refusalOf(otto.client.call('claimCode', { body: { code } }))).toBe('code-not-valid');
    expect((await tess.client.call('claimCode', { body: { code } })).id).toBe(sessionId);
    guest.close();
  });

  it('lets no second guest in', async () => {
    const { code } = await issue();
    expect(await refusalOf(stage.server.browser().call('redeemCode', { body: { code } }))).toBe(
      'code-not-valid',
    );
  });

  it('goes to one of two technicians who type it at once', async () => {
    const { code } = await issue();
    const answers = await Promise.all(
      [tess, otto].map(({ client }) => client.send('claimCode', { body: { code } })),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
  });

  it('dies unclaimed after an hour, and lives on claimed', async () => {
    const unclaimed = await issue();
    const claimed = await issue();
    await tess.client.call('claimCode', { body: { code: claimed.code } });
    const guest = await openGuestPanel(stage.url, { guestToken: unclaimed.guestToken });
    clock.advance(59 * MINUTE_MS);
    const ended = guest.inbox.next('guest:changed', (view) => view.lifecycle.phase === 'ended');
    expect(await ended).toMatchObject({ lifecycle: { reason: 'code-expired' } });
    const params = { sessionId: claimed.sessionId };
    const { lifecycle } = await tess.client.call('getSession', { params });
    expect(lifecycle).not.toMatchObject({ reason: 'code-expired' });
    guest.close();
  });

  it('cannot be guessed by technicians: ten misses, then one a minute', async () => {
    const { code } = await issue();
    const wrong = otherCode(code);
    for (let i = 0; i < 10; i += 1) {
      expect(await refusalOf(otto.client.call('claimCode', { body: { code: wrong } }))).toBe(
        'code-not-valid',
      );
    }
    expect(await refusalOf(otto.client.call('claimCode', { body: { code } }))).toBe('too-many-requests');
    clock.advance(MINUTE_MS);
    expect((await otto.client.call('claimCode', { body: { code } })).owner?.userId).toBe(otto.userId);
  });

  it('is rationed: three for one source at once', async () => {
    clock.advance(60 * MINUTE_MS);
    const one = () => withProof((proof) => stage.server.browser().call('issueCode', { body: { proof } }));
    await one();
    await one();
    await one();
    expect(await refusalOf(one())).toBe('too-many-requests');
  });

  it('is not to be had where the deployment does not want it', async () => {
    clock.advance(60 * MINUTE_MS);
    await stage.admin.client.call('changeSettings', { body: { portalIssuesCodes: false } });
    expect(await refusalOf(stage.server.browser().call('issueCode', { body: {} }))).toBe('not-allowed');
    expect((await stage.server.browser().call('portalConfig')).issuesCodes).toBe(false);
    await stage.admin.client.call('changeSettings', { body: { portalIssuesCodes: true } });
  });
});

describe('the limits of sessions', () => {
  const clock = createTestClock();
  let stage: Stage;
  let owner: Person;

  beforeAll(async () => {
    stage = await setStage({ clock });
    owner = await stage.hire('tess', 'technician');
    const body = { sessionIdleMinutes: 10, sessionMaximumMinutes: 30, loginIdleMinutes: 10_000 };
    await stage.admin.client.call('changeSettings', { body });
  });
  afterAll(() => stage.close());

  async function watched() {
    const page = await openConsole(owner.client);
    await page.ask('sessions:watch', {});
    return page;
  }
  const endOf = (page: Awaited<ReturnType<typeof watched>>, id: string) =>
    page.inbox.next('session:changed', (view) => view.id === id && view.lifecycle.phase === 'ended');

  it('are told to the agent, which keeps them without the server', async () => {
    const { agent } = await stage.attend(owner);
    const { limits } = await agent.hello();
    expect(limits.idleMs).toBe(10 * MINUTE_MS);
    expect(limits.endsAt).toBeGreaterThan(clock.now());
    expect(limits.endsAt).toBeLessThanOrEqual(clock.now() + 30 * MINUTE_MS);
    await agent.ask('agent:stopped', { reason: 'idle-timeout' });
  });

  it('end a session in which no technician does anything', async () => {
    const page = await watched();
    const session = await owner.client.call('createSession', { body: {} });
    await stage.server.browser().call('redeemCode', { body: { code: session.code ?? '' } });
    clock.advance(9 * MINUTE_MS);
    const params = { sessionId: session.id };
    expect((await owner.client.call('getSession', { params })).lifecycle.phase).toBe('open');
    clock.advance(MINUTE_MS + 5_000);
    expect((await endOf(page, session.id)).lifecycle).toMatchObject({ reason: 'idle-timeout' });
    page.close();
  });

  it('end a session that lasts too long, however busy it is', async () => {
    const page = await watched();
    const session = await owner.client.call('createSession', { body: {} });
    const { client } = owner;
    await stage.server.browser().call('redeemCode', { body: { code: session.code ?? '' } });
    for (let i = 0; i < 3; i += 1) {
      clock.advance(9 * MINUTE_MS);
      await page.ask('session:join', { sessionId: session.id, wants: 'view' });
      await page.ask('session:leave', { sessionId: session.id });
    }
    expect((await client.call('getSession', { params: { sessionId: session.id } })).lifecycle.phase).toBe(
      'open',
    );
    clock.advance(4 * MINUTE_MS);
    expect((await endOf(page, session.id)).lifecycle).toMatchObject({ reason: 'maximum-duration' });
    page.close();
  });

  it('end a code at its expiry while it waits, and not once somebody joined', async () => {
    const page = await watched();
    const make = () => owner.client.call('createSession', { body: { expiresInMinutes: 5 } });
    const unused = await make();
    const used = await make();
    await stage.server.browser().call('redeemCode', { body: { code: used.code ?? '' } });
    clock.advance(5 * MINUTE_MS + 5_000);
    expect((await endOf(page, unused.id)).lifecycle).toMatchObject({ reason: 'code-expired' });
    const params = { sessionId: used.id };
    expect((await owner.client.call('getSession', { params })).lifecycle.phase).toBe('open');
    page.close();
  });
});
