import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_KEY } from './support/browser-key.ts';
import { openConsole } from './support/fake-console.ts';
import { refusalOf } from './support/inbox.ts';
import { connectPeer, type Person, type Stage, setStage } from './support/stage.ts';

describe('a pause', () => {
  let stage: Stage;
  let owner: Person;

  beforeAll(async () => {
    stage = await setStage();
    owner = await stage.hire('tess', 'technician');
  });
  afterAll(() => stage.close());

  it('shows nothing and lets nothing through until it is over, and then asks nobody again', async () => {
    const controlled = await stage.control(owner);
    const { console, agent, guest, session, peerId, participantId } = controlled;
    const sessionId = session.id;
    await console.ask('session:pause', { sessionId });
    expect(await agent.inbox.next('peer:cut')).toEqual({ peerId, reason: 'paused' });
    expect(await console.inbox.next('peer:closed')).toEqual({ peerId, reason: 'paused' });
    const request = () => console.ask('peer:request', { sessionId, browserKey: BROWSER_KEY });
    expect(await refusalOf(request())).toBe('not-allowed');
    expect(await refusalOf(console.ask('control:take', { sessionId }))).toBe('illegal-transition');
    expect(await refusalOf(console.ask('session:pause', { sessionId }))).toBe('illegal-transition');
    const paused = await guest.inbox.next(
      'guest:changed',
      (view) => view.participants[0]?.grant.status === 'paused',
    );
    expect(paused.lifecycle.phase).toBe('open');
    // A reload of the page does not end it.
    await console.ask('session:join', { sessionId, wants: 'control' });
    expect(agent.peers.size).toBe(0);

    await console.ask('session:resume', { sessionId });
    console.inbox.clear();
    const again = await connectPeer(controlled);
    expect(agent.peers.get(again)).toMatchObject({ participantId, capabilities: ['view', 'control'] });
    const { entries } = await owner.client.call('sessionAudit', { params: { sessionId } });
    const actions = entries.map((entry) => entry.action);
    expect(actions.filter((one) => one === 'consent.answered')).toHaveLength(1);
    expect(actions).toEqual(expect.arrayContaining(['participant.paused', 'participant.resumed']));
  });

  it('leaves control to a colleague, who keeps it', async () => {
    const { console, agent, guest, session, participantId } = await stage.control(owner, {
      session: { visibility: 'company' },
    });
    const sessionId = session.id;
    const page = await openConsole(stage.admin.client);
    const theirs = await page.ask('session:join', { sessionId, wants: 'control' });
    await guest.ask('consent:answer', { participantId: theirs.participantId, answer: 'control' });
    await console.ask('session:pause', { sessionId });
    await agent.inbox.next(
      'session:changed',
      ({ participants }) => participants.length === 2 && !participants.some((one) => one.hasControl),
    );
    await page.ask('control:take', { sessionId });
    await console.ask('session:resume', { sessionId });
    const { participants } = await owner.client.call('getSession', { params: { sessionId } });
    expect(participants).toMatchObject([
      { id: participantId, hasControl: false, grant: { status: 'allowed', capability: 'control' } },
      { id: theirs.participantId, hasControl: true },
    ]);
    page.close();
  });

  it('is nobody else’s to make or to end', async () => {
    const { session } = await stage.control(owner, { session: { visibility: 'company' } });
    const page = await openConsole(stage.admin.client);
    const sessionId = session.id;
    expect(await refusalOf(page.ask('session:pause', { sessionId }))).toBe('not-allowed');
    expect(await refusalOf(page.ask('session:resume', { sessionId }))).toBe('not-allowed');
    page.close();
  });
});
