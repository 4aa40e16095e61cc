import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeConsole, openConsole } from './support/fake-console.ts';
import { refusalOf } from './support/inbox.ts';
import {
  connectViewer,
  lookAt,
  type MachineStage,
  type OpenedSession,
  setMachineStage,
} from './support/machine-stage.ts';
import { connectPeer, type Person } from './support/stage.ts';

const SOME_ID = '00000000-0000-4000-8000-000000000001';

describe('handing a session over', () => {
  let stage: MachineStage;
  let tess: Person;
  let sam: Person;
  let samsPage: FakeConsole;
  let companyId: string;
  let closedCompanyId: string;

  beforeAll(async () => {
    stage = await setMachineStage();
    tess = await stage.hire('tess', 'technician');
    sam = await stage.hire('sam', 'technician');
    samsPage = await openConsole(sam.client);
    await samsPage.ask('sessions:watch', {});
    companyId = await stage.addCompany('Glazier', { consent: { kind: 'always' } });
    closedCompanyId = await stage.addCompany('Closed', {
      access: 'assigned',
      assignedUserIds: [tess.userId],
      consent: { kind: 'never' },
    });
  });
  afterAll(async () => {
    samsPage.close();
    await stage.close();
  });

  const open = async (visibility: 'private' | 'team' | 'company' = 'private') =>
    stage.open(tess, await stage.addMachine(companyId), { visibility });
  const offer = (who: Person, sessionId: string, to: string, note?: string) =>
    who.client.call('offerTransfer', { params: { sessionId }, body: { to, ...(note ? { note } : {}) } });
  const answer = (who: Person, sessionId: string, what: 'accept' | 'decline' | 'withdraw') =>
    who.client.call('answerTransfer', { params: { sessionId }, body: { answer: what } });
  const actionsOf = async (sessionId: string) => {
    const { entries } = await stage.admin.client.call('sessionAudit', { params: { sessionId } });
    return entries.filter((one) => one.action.startsWith('transfer.'));
  };

  it('shows a private session to the one it is offered to, who may answer and nothing else', async () => {
    const { session } = await open();
    const view = await offer(tess, session.id, sam.userId, 'The printer again');
    expect(view.transfer).toMatchObject({
      from: { userId: tess.userId, name: 'Mx tess' },
      to: { userId: sam.userId, name: 'Mx sam' },
      note: 'The printer again',
    });
    const shown = await samsPage.inbox.next('session:changed', (one) => one.id === session.id);
    expect(shown.transfer?.to.userId).toBe(sam.userId);
    expect(Object.values(shown.rights)).not.toContain(true);
    const sessionId = session.id;
    expect(await refusalOf(samsPage.ask('session:join', { sessionId, wants: 'view' }))).toBe('not-allowed');
    expect((await sam.client.send('endSession', { params: { sessionId } })).status).toBe(403);
    const declined = await sam.client.send('answerTransfer', {
      params: { sessionId },
      body: { answer: 'decline' },
    });
    expect(declined.status).toBe(200);
    expect(await samsPage.inbox.next('session:removed', (one) => one.sessionId === sessionId)).toBeDefined();
    expect((await sam.client.send('getSession', { params: { sessionId } })).status).toBe(403);
    expect((await actionsOf(sessionId)).map((one) => [one.actor, one.action])).toEqual([
      [`user:${tess.userId}`, 'transfer.offered'],
      [`user:${sam.userId}`, 'transfer.declined'],
    ]);
  });

  it('makes it theirs in one step: control moves, nobody is asked, no connection is cut', async () => {
    const opened = await open();
    const { session, agent, console } = opened;
    const sessionId = session.id;
    const old = await lookAt(opened, console);
    await offer(tess, sessionId, sam.userId);
    agent.inbox.clear();
    const taken = await answer(sam, sessionId, 'accept');
    expect(taken).toMatchObject({
      owner: { userId: sam.userId },
      transfer: null,
      rights: { control: true, end: true, transfer: true },
    });
    const mine = taken.participants.find((one) => one.userId === sam.userId);
    expect(mine).toMatchObject({ hasControl: true, grant: { status: 'allowed', capability: 'control' } });
    const peerId = await connectViewer(session, samsPage);
    expect(agent.peers.get(peerId)?.capabilities).toEqual(['view', 'control']);
    // The one before looks on, over the same connection, with nothing but the picture.
    expect(agent.peers.get(old.peerId)?.capabilities).toEqual(['view']);
    expect(agent.inbox.all('peer:cut')).toEqual([]);
    expect(console.inbox.all('peer:closed')).toEqual([]);
    // The people at the machine read who is there now.
    const told = await agent.inbox.next('session:changed', (one) =>
      one.participants.some(({ name, hasControl }) => name === 'Mx sam' && hasControl),
    );
    expect(told.participants.every(({ grant }) => grant.status === 'allowed')).toBe(true);
    expect(await refusalOf(console.ask('control:take', { sessionId }))).toBe('not-allowed');
    const seen = await tess.client.call('getSession', { params: { sessionId } });
    expect(seen.rights).toMatchObject({ view: true, control: false, end: false });
    await console.ask('session:leave', { sessionId });
    expect(await console.inbox.next('session:removed')).toEqual({ sessionId });
    expect((await tess.client.send('getSession', { params: { sessionId } })).status).toBe(403);
    expect(agent.peers.has(peerId)).toBe(true);
    expect(await actionsOf(sessionId)).toMatchObject([
      { action: 'transfer.offered', details: { to: sam.userId } },
      { action: 'transfer.accepted', details: { from: tess.userId, to: sam.userId } },
    ]);
  });

  it('leaves the question open that was not answered yet, now for the new one', async () => {
    const { session, console, agent } = await open();
    await console.ask('session:join', { sessionId: session.id, wants: 'control' });
    await offer(tess, session.id, sam.userId);
    const taken = await answer(sam, session.id, 'accept');
    const mine = taken.participants.find((one) => one.userId === sam.userId);
    expect(mine?.grant).toMatchObject({ status: 'asked', wants: 'control' });
    await agent.ask('consent:answer', { participantId: mine?.id ?? '', answer: 'control' });
    const peerId = await connectViewer(session, samsPage);
    expect(agent.peers.get(peerId)?.capabilities).toEqual(['view', 'control']);
  });

  it('passes an attended session on as well, and the guest reads who it is', async () => {
    const attended = await stage.control(tess, { session: { visibility: 'private' } });
    const sessionId = attended.session.id;
    await offer(tess, sessionId, sam.userId);
    await answer(sam, sessionId, 'accept');
    await attended.guest.inbox.next(
      'guest:changed',
      (view) =>
        view.technicianName === 'Mx sam' &&
        view.participants.some(({ name, hasControl }) => name === 'Mx sam' && hasControl),
    );
    const peerId = await connectPeer({ console: samsPage, session: attended.session });
    expect(attended.agent.peers.get(peerId)?.capabilities).toEqual(['view', 'control']);
    expect(attended.agent.inbox.all('peer:cut')).toEqual([]);
  });

  it('lets one of two answers through', async () => {
    const { session } = await open();
    await offer(tess, session.id, sam.userId);
    const params = { sessionId: session.id };
    const answers = await Promise.all([
      sam.client.send('answerTransfer', { params, body: { answer: 'accept' } }),
      sam.client.send('answerTransfer', { params, body: { answer: 'accept' } }),
    ]);
    expect(answers.map((one) => one.status).sort()).toEqual([200, 409]);
    expect((await actionsOf(session.id)).map((one) => one.action)).toEqual([
      'transfer.offered',
      'transfer.accepted',
    ]);
  });

  it('lets either the withdrawal or the acceptance through, never both', async () => {
    const { session } = await open();
    await offer(tess, session.id, sam.userId);
    const params = { sessionId: session.id };
    const [taken, withdrawn] = await Promise.all([
      sam.client.send('answerTransfer', { params, body: { answer: 'accept' } }),
      tess.client.send('answerTransfer', { params, body: { answer: 'withdraw' } }),
    ]);
    expect([taken?.status === 200, withdrawn?.status === 200].filter(Boolean)).toHaveLength(1);
    const { owner } = await stage.admin.client.call('getSession', { params });
    expect(owner?.userId).toBe(taken?.status === 200 ? sam.userId : tess.userId);
  });

  it('goes on where its owner pauses at that moment', async () => {
    const opened = await open();
    await lookAt(opened, opened.console);
    await offer(tess, opened.session.id, sam.userId);
    const [, taken] = await Promise.all([
      opened.console.ask('session:pause', { sessionId: opened.session.id }),
      answer(sam, opened.session.id, 'accept'),
    ]);
    expect(taken.owner?.userId).toBe(sam.userId);
    const now = await sam.client.call('getSession', { params: { sessionId: opened.session.id } });
    expect(now.participants).toMatchObject([
      { userId: tess.userId, hasControl: false, grant: { status: 'paused', capability: 'view' } },
      { userId: sam.userId, hasControl: true, grant: { status: 'allowed' } },
    ]);
  });

  it('tells the one before, who looks on, of the end, and then takes it away', async () => {
    const opened = await open();
    const { session, console } = opened;
    const sessionId = session.id;
    await lookAt(opened, console);
    await offer(tess, sessionId, sam.userId);
    await answer(sam, sessionId, 'accept');
    await sam.client.call('endSession', { params: { sessionId } });
    const seen = await console.inbox.next('session:changed', (one) => one.lifecycle.phase === 'ended');
    expect(Object.values(seen.rights)).not.toContain(true);
    expect(await console.inbox.next('session:removed')).toEqual({ sessionId });
    expect((await tess.client.send('getSession', { params: { sessionId } })).status).toBe(403);
  });

  it('is over when the session ends, or is taken back', async () => {
    const { session } = await open('company');
    await offer(tess, session.id, sam.userId);
    await answer(tess, session.id, 'withdraw');
    expect(await refusalOf(answer(sam, session.id, 'accept'))).toBe('illegal-transition');
    await offer(tess, session.id, sam.userId);
    await tess.client.call('endSession', { params: { sessionId: session.id } });
    expect(await refusalOf(answer(sam, session.id, 'accept'))).toBe('illegal-transition');
    const ended = await tess.client.call('getSession', { params: { sessionId: session.id } });
    expect(ended.transfer).toBeNull();
  });

  it('is dropped when the one it is offered to is disabled, or loses the company', async () => {
    const kim = await stage.hire('kim', 'technician');
    const first = await open();
    await offer(tess, first.session.id, kim.userId);
    await stage.admin.client.call('disableUser', { params: { userId: kim.userId } });
    await first.console.inbox.next('session:changed', (one) => one.id === first.session.id && !!one.transfer);
    first.console.inbox.clear();
    await first.console.inbox.next('session:changed', (one) => one.transfer === null);

    const assign = (assignedUserIds: string[]) => stage.changeCompany(closedCompanyId, { assignedUserIds });
    await assign([tess.userId, sam.userId]);
    const second = await stage.open(tess, await stage.addMachine(closedCompanyId), { visibility: 'private' });
    await offer(tess, second.session.id, sam.userId);
    await samsPage.inbox.next('session:changed', (one) => one.id === second.session.id);
    await assign([tess.userId]);
    await samsPage.inbox.next('session:removed', (one) => one.sessionId === second.session.id, 2_000);
    expect(await refusalOf(answer(sam, second.session.id, 'accept'))).toBe('not-allowed');
    second.console.inbox.clear();
    const dropped = await second.console.inbox.next('session:changed', (one) => one.transfer === null);
    expect(dropped.owner?.userId).toBe(tess.userId);
    await expect
      .poll(async () => (await actionsOf(second.session.id)).map((one) => one.action))
      .toContain('transfer.dropped');
  });

  describe('is offered to nobody who could not take it', () => {
    let closed: OpenedSession;
    beforeAll(async () => {
      closed = await stage.open(tess, await stage.addMachine(closedCompanyId), { visibility: 'private' });
    });

    it('names as choices those who could, those with an open page first', async () => {
      const senior = await stage.hire('sina', 'senior');
      const params = { sessionId: closed.session.id };
      const { technicians } = await tess.client.call('transferChoices', { params });
      const ids = technicians.map((one) => one.userId);
      expect(ids).toEqual(expect.arrayContaining([stage.admin.userId, senior.userId]));
      expect(ids).not.toContain(sam.userId);
      expect(ids).not.toContain(tess.userId);
      const attended = await tess.client.call('createSession', { body: {} });
      const { technicians: more } = await tess.client.call('transferChoices', {
        params: { sessionId: attended.id },
      });
      expect(more[0]).toEqual({ userId: sam.userId, name: 'Mx sam', online: true });
      expect(more.slice(1).every((one) => !one.online)).toBe(true);
    });

    it.each([
      ['out of scope', () => sam.userId, 'not-found'],
      ['unknown', () => SOME_ID, 'not-found'],
      ['its owner', () => tess.userId, 'illegal-transition'],
    ])('%s', async (_who, to, code) => {
      expect(await refusalOf(offer(tess, closed.session.id, to()))).toBe(code);
    });

    it('disabled', async () => {
      const gone = await stage.hire('gone', 'senior');
      await stage.admin.client.call('disableUser', { params: { userId: gone.userId } });
      expect(await refusalOf(offer(tess, closed.session.id, gone.userId))).toBe('not-found');
    });

    it('and only one at a time', async () => {
      const { session } = await open();
      await offer(tess, session.id, sam.userId);
      expect(await refusalOf(offer(tess, session.id, stage.admin.userId))).toBe('illegal-transition');
    });
  });
});
