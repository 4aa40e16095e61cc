import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_KEY } from './support/browser-key.ts';
import { untilDisconnected } from './support/connect-socket.ts';
import { MACHINE, startAgent } from './support/fake-agent.ts';
import { openGuestPanel } from './support/fake-guest.ts';
import { refusalOf } from './support/inbox.ts';
import { type Person, type Stage, setStage } from './support/stage.ts';

const OTHER_MACHINE = { ...MACHINE, hostname: 'PC-BACK-OFFICE', user: 'mallory' };

describe('the two slots of a code', () => {
  let stage: Stage;
  let owner: Person;

  beforeAll(async () => {
    stage = await setStage();
    owner = await stage.hire('tess', 'technician');
  });
  afterAll(() => stage.close());

  it('let one guest in, who comes back by token and not by code', async () => {
    const { code, guest, guestToken } = await stage.attend(owner);
    expect(await refusalOf(stage.server.browser().call('redeemCode', { body: { code } }))).toBe(
      'code-not-valid',
    );
    guest.close();
    const reloaded = await openGuestPanel(stage.url, { guestToken });
    expect((await reloaded.ask('guest:watch', {})).lifecycle.phase).toBe('open');
    reloaded.close();
  });

  it('let one of two guests in who come at the same moment', async () => {
    const session = await owner.client.call('createSession', { body: {} });
    const body = { code: session.code ?? '' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => stage.server.browser().send('redeemCode', { body })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 404, 404, 404, 404]);
  });

  it('let one of two agents in who come at the same moment; the other waits', async () => {
    const session = await owner.client.call('createSession', { body: {} });
    const body = { code: session.code ?? '', machine: MACHINE };
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => stage.server.browser().call('exchangeCode', { body })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual(['joined', 'waiting', 'waiting']);
  });

  it('give the agent slot to a second agent only when the technician admits it', async () => {
    const { code, console, agent, session, peerId, sessionToken } = await stage.control(owner);
    const anybody = stage.server.browser();
    const entry = await anybody.call('exchangeCode', { body: { code, machine: OTHER_MACHINE } });
    if (entry.status !== 'waiting') throw new Error('The second agent was let in.');
    const poll = () => anybody.call('exchangeKnock', { body: { knockToken: entry.knockToken } });
    expect((await poll()).status).toBe('waiting');
    const shown = await console.inbox.next('session:changed', (view) => view.knocks.length > 0);
    expect(shown.machine?.hostname).toBe(MACHINE.hostname);
    expect(shown.knocks).toMatchObject([{ kind: 'agent', machine: OTHER_MACHINE, address: '127.0.0.1' }]);

    const params = { sessionId: session.id, knockId: shown.knocks[0]?.id ?? '' };
    const view = await owner.client.call('answerKnock', { params, body: { admit: true } });
    expect(view).toMatchObject({ machine: OTHER_MACHINE, knocks: [] });
    expect(await agent.inbox.next('peer:cut')).toEqual({ peerId, reason: 'replaced' });
    await agent.inbox.next('session:end');
    await untilDisconnected(agent.socket);
    expect(await refusalOf(startAgent(stage.url, sessionToken))).toBe('unauthenticated');

    const joined = await poll();
    if (joined.status !== 'joined') throw new Error('The second agent still waits.');
    const second = await startAgent(stage.url, joined.sessionToken, { machine: OTHER_MACHINE });
    // What the person allowed the technician still counts: it is the same session.
    const { peerId: newPeer } = await console.ask('peer:request', {
      sessionId: session.id,
      browserKey: BROWSER_KEY,
    });
    expect((await second.inbox.next('peer:open')).peerId).toBe(newPeer);
    second.close();
  });

  it('tell a refused agent that its code is not valid, and leave the first one alone', async () => {
    const { code, console, agent, session } = await stage.attend(owner);
    const anybody = stage.server.browser();
    const entry = await anybody.call('exchangeCode', { body: { code, machine: OTHER_MACHINE } });
    if (entry.status !== 'waiting') throw new Error('The second agent was let in.');
    const shown = await console.inbox.next('session:changed', (view) => view.knocks.length > 0);
    const params = { sessionId: session.id, knockId: shown.knocks[0]?.id ?? '' };
    await owner.client.call('answerKnock', { params, body: { admit: false } });
    const poll = anybody.call('exchangeKnock', { body: { knockToken: entry.knockToken } });
    expect(await refusalOf(poll)).toBe('code-not-valid');
    expect(agent.socket.connected).toBe(true);
    expect((await owner.client.call('getSession', { params: { sessionId: session.id } })).endpoint.kind).toBe(
      'agent',
    );
  });

  it('let an agent come back by token after its process died', async () => {
    const { agent, console, sessionToken, session } = await stage.attend(owner);
    agent.close();
    await console.inbox.next('session:changed', (view) => view.endpoint.kind === 'lost');
    console.inbox.clear();
    const again = await startAgent(stage.url, sessionToken);
    await console.inbox.next(
      'session:changed',
      (view) => view.id === session.id && view.endpoint.kind === 'agent',
    );
    again.close();
  });

  it('make an agent of another machine wait even while the first one is lost', async () => {
    const { agent, console, code } = await stage.attend(owner);
    agent.close();
    await console.inbox.next('session:changed', (view) => view.endpoint.kind === 'lost');
    const entry = await stage.server
      .browser()
      .call('exchangeCode', { body: { code, machine: OTHER_MACHINE } });
    expect(entry.status).toBe('waiting');
  });
});
