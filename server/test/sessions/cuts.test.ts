import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_KEY } from './support/browser-key.ts';
import { untilDisconnected } from './support/connect-socket.ts';
import { openConsole } from './support/fake-console.ts';
import { refusalOf } from './support/inbox.ts';
import { type Controlled, connectPeer, type Person, type Stage, setStage } from './support/stage.ts';

const WITHIN_MS = 2_000;

describe('a live peer is cut at the agent within 2 seconds', () => {
  let stage: Stage;
  let hired = 0;

  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage.close());

  async function controlledBy(role: 'technician' | 'senior' = 'technician') {
    hired += 1;
    const owner = await stage.hire(`tech${hired}`, role);
    return { owner, controlled: await stage.control(owner) };
  }

  async function expectCut({ agent, peerId }: Controlled, reason: string, act: () => Promise<unknown>) {
    const started = Date.now();
    await act();
    expect(await agent.inbox.next('peer:cut', (one) => one.peerId === peerId)).toEqual({ peerId, reason });
    expect(Date.now() - started).toBeLessThan(WITHIN_MS);
    expect(agent.peers.has(peerId)).toBe(false);
  }

  const change = (owner: Person, body: object) =>
    stage.admin.client.call('changeUser', { params: { userId: owner.userId }, body });

  it('when the technician signs out', async () => {
    const { owner, controlled } = await controlledBy();
    await expectCut(controlled, 'signed-out', () => owner.client.call('signOut'));
    expect(await controlled.console.inbox.next('login:ended')).toEqual({ reason: 'signed-out' });
    await untilDisconnected(controlled.console.socket);
  });

  it('when the technician signs out everywhere from another browser', async () => {
    const { owner, controlled } = await controlledBy();
    const elsewhere = await stage.signInAgain(owner);
    await expectCut(controlled, 'signed-out', () => elsewhere.call('signOutEverywhere'));
  });

  it('when the technician is disabled, who then takes part no more', async () => {
    const { owner, controlled } = await controlledBy();
    const params = { userId: owner.userId };
    await expectCut(controlled, 'user-disabled', () => stage.admin.client.call('disableUser', { params }));
    const view = await controlled.guest.inbox.next('guest:changed', (one) => one.participants.length === 0);
    expect(view.lifecycle.phase).toBe('open');
  });

  it('when the role changes', async () => {
    const { owner, controlled } = await controlledBy('senior');
    await expectCut(controlled, 'role-changed', () => change(owner, { role: 'technician' }));
  });

  it('when the technician leaves', async () => {
    const { controlled } = await controlledBy();
    const { console, session } = controlled;
    await expectCut(controlled, 'left', () => console.ask('session:leave', { sessionId: session.id }));
  });

  it('when the technician closes it', async () => {
    const { controlled } = await controlledBy();
    const { console, peerId } = controlled;
    await expectCut(controlled, 'left', async () => console.tell('peer:close', { peerId }));
  });

  it('when the session becomes private and a colleague was watching', async () => {
    const { controlled, owner } = await controlledBy();
    await owner.client.call('changeSession', {
      params: { sessionId: controlled.session.id },
      body: { visibility: 'company' },
    });
    const colleague = await stage.hire(`colleague${hired}`, 'technician');
    const page = await openConsole(colleague.client);
    await page.ask('sessions:watch', {});
    const sessionId = controlled.session.id;
    const { participantId } = await page.ask('session:join', { sessionId, wants: 'view' });
    await controlled.guest.ask('consent:answer', { participantId, answer: 'view' });
    const { peerId } = await page.ask('peer:request', { sessionId, browserKey: BROWSER_KEY });
    await expectCut({ ...controlled, peerId }, 'left', () =>
      owner.client.call('changeSession', { params: { sessionId }, body: { visibility: 'private' } }),
    );
    expect(await page.inbox.next('session:removed')).toEqual({ sessionId });
    expect(await refusalOf(page.ask('peer:request', { sessionId, browserKey: BROWSER_KEY }))).toBe(
      'not-allowed',
    );
    expect(controlled.agent.peers.has(controlled.peerId)).toBe(true);
    page.close();
  });

  it('but not when only another browser of the same person signs out', async () => {
    const { owner, controlled } = await controlledBy();
    const elsewhere = await stage.signInAgain(owner);
    const page = await openConsole(elsewhere);
    await page.ask('sessions:watch', {});
    const other = await connectPeer({ console: page, session: controlled.session });
    await expectCut({ ...controlled, peerId: other }, 'signed-out', () => elsewhere.call('signOut'));
    expect(controlled.agent.peers.has(controlled.peerId)).toBe(true);
  });

  it('and a peer that is asked for in the moment of signing out never lives on', async () => {
    const { owner, controlled } = await controlledBy();
    const { console, agent, session } = controlled;
    const asked = Array.from({ length: 5 }, () =>
      console.ask('peer:request', { sessionId: session.id, browserKey: BROWSER_KEY }),
    );
    await Promise.all([owner.client.call('signOut'), Promise.allSettled(asked)]);
    await untilDisconnected(console.socket);
    const opened = agent.inbox.all('peer:open').map((order) => order.peerId);
    for (const peerId of opened)
      await agent.inbox.next('peer:cut', (one) => one.peerId === peerId, WITHIN_MS);
    expect(agent.peers.size).toBe(0);
  });
});
