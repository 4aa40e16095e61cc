import { createPublicKey, verify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { BROWSER_KEY } from './support/browser-key.ts';
import { refusalOf } from './support/inbox.ts';
import { connectPeer, joinWithConsent, type Person, type Stage, setStage } from './support/stage.ts';

describe.each(DATABASE_KINDS)('an attended session on $name', (kind) => {
  let stage: Stage;
  let owner: Person;

  beforeAll(async () => {
    stage = await setStage({ kind });
    owner = await stage.hire('tess', 'technician');
  });
  afterAll(() => stage.close());

  it('goes from a code to a connected, signed peer', async () => {
    const { console, agent, session, peerId, participantId, serverPublicKey } = await stage.control(owner);
    const view = await console.inbox.next(
      'session:changed',
      (one) => one.participants[0]?.connected === true,
    );
    expect(view).toMatchObject({
      id: session.id,
      lifecycle: { phase: 'open' },
      endpoint: { kind: 'agent' },
      guestPanelOpen: true,
      machine: { hostname: 'PC-FRONT-DESK' },
      participants: [
        { id: participantId, hasControl: true, grant: { status: 'allowed', capability: 'control' } },
      ],
    });
    const { grant } = await agent.inbox.next('peer:open', (order) => order.peerId === peerId);
    expect(agent.peers.get(peerId)).toMatchObject({ participantId, capabilities: ['view', 'control'] });
    const key = createPublicKey({
      key: Buffer.from(serverPublicKey, 'base64url'),
      format: 'der',
      type: 'spki',
    });
    const isSigned = verify(
      'sha256',
      Buffer.from(grant.payload),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(grant.signature, 'base64url'),
    );
    expect(isSigned).toBe(true);
  });

  it('lets nobody see a picture before the person at the machine agreed', async () => {
    const { console, session, agent } = await stage.attend(owner);
    await console.ask('session:join', { sessionId: session.id, wants: 'control' });
    const { peerId } = await console.ask('peer:request', { sessionId: session.id, browserKey: BROWSER_KEY });
    await agent.inbox.next('peer:open');
    expect(agent.peers.get(peerId)?.capabilities).toEqual([]);
  });

  it('gives no peer to somebody who was declined', async () => {
    const { console, guest, session, agent } = await stage.attend(owner);
    const { participantId } = await console.ask('session:join', { sessionId: session.id, wants: 'control' });
    await guest.ask('consent:answer', { participantId, answer: 'refuse' });
    expect(
      await refusalOf(console.ask('peer:request', { sessionId: session.id, browserKey: BROWSER_KEY })),
    ).toBe('not-allowed');
    expect(agent.inbox.all('peer:open')).toEqual([]);
  });

  it('grants view only where control was asked for and view was allowed', async () => {
    const attended = await stage.attend(owner);
    await joinWithConsent(attended, 'control', 'view');
    const peerId = await connectPeer(attended);
    expect(attended.agent.peers.get(peerId)?.capabilities).toEqual(['view']);
    expect(await refusalOf(attended.console.ask('control:take', { sessionId: attended.session.id }))).toBe(
      'illegal-transition',
    );
  });

  it('sends a new grant with a higher sequence when control is released and taken', async () => {
    const { console, agent, session, peerId } = await stage.control(owner);
    const before = agent.peers.get(peerId)?.sequence ?? 0;
    agent.inbox.clear();
    await console.ask('control:release', { sessionId: session.id });
    await agent.inbox.next('peer:grant', (one) => one.peerId === peerId);
    expect(agent.peers.get(peerId)?.capabilities).toEqual(['view']);
    agent.inbox.clear();
    await console.ask('control:take', { sessionId: session.id });
    await agent.inbox.next('peer:grant', (one) => one.peerId === peerId);
    expect(agent.peers.get(peerId)?.capabilities).toEqual(['view', 'control']);
    expect(agent.peers.get(peerId)?.sequence).toBeGreaterThan(before + 1);
  });

  it('cuts the peer when the guest takes consent back, and asks again at the next join', async () => {
    const { console, guest, agent, session, peerId, participantId } = await stage.control(owner);
    await guest.ask('consent:withdraw', { participantId });
    expect(await agent.inbox.next('peer:cut')).toEqual({ peerId, reason: 'consent-withdrawn' });
    expect(await console.inbox.next('peer:closed')).toEqual({ peerId, reason: 'consent-withdrawn' });
    const again = await console.ask('session:join', { sessionId: session.id, wants: 'view' });
    expect(again.session.participants[0]?.grant.status).toBe('asked');
  });

  it('lets the agent answer for the person at the machine', async () => {
    const { console, agent, session } = await stage.attend(owner);
    const { participantId } = await console.ask('session:join', { sessionId: session.id, wants: 'view' });
    await agent.ask('consent:answer', { participantId, answer: 'view' });
    const view = await console.inbox.next(
      'session:changed',
      (one) => one.id === session.id && one.participants[0]?.grant.status === 'allowed',
    );
    expect(view.participants[0]?.hasControl).toBe(false);
  });

  it('stops capture first, then ends, tells everybody, and voids code and tokens', async () => {
    const { console, guest, agent, session, code, guestToken, sessionToken, peerId } =
      await stage.control(owner);
    const ended = await owner.client.call('endSession', { params: { sessionId: session.id } });
    expect(ended).toMatchObject({ code: null, lifecycle: { phase: 'ended', reason: 'technician-ended' } });
    expect(agent.inbox.all('session:end')).toEqual([{ reason: 'technician-ended' }]);
    expect(await console.inbox.next('peer:closed')).toEqual({ peerId, reason: 'session-ended' });
    await guest.inbox.next('guest:changed', (view) => view.lifecycle.phase === 'ended');
    const { openGuestPanel } = await import('./support/fake-guest.ts');
    const { startAgent } = await import('./support/fake-agent.ts');
    expect(await refusalOf(openGuestPanel(stage.url, { guestToken }))).toBe('unauthenticated');
    expect(await refusalOf(startAgent(stage.url, sessionToken))).toBe('unauthenticated');
    expect(await refusalOf(stage.server.browser().call('redeemCode', { body: { code } }))).toBe(
      'code-not-valid',
    );
    const { entries } = await owner.client.call('sessionAudit', { params: { sessionId: session.id } });
    expect(entries.map((entry) => entry.action)).toEqual(
      expect.arrayContaining([
        'session.created',
        'code.redeemed',
        'agent.attached',
        'participant.joined',
        'consent.answered',
        'peer.opened',
        'peer.connected',
        'session.ended',
      ]),
    );
    const last = entries.find((entry) => entry.action === 'session.ended');
    expect(last?.details).toMatchObject({ reason: 'technician-ended', captureStoppedAfterMs: 7 });
  });

  it('ends although the agent does not answer', async () => {
    const { session } = await stage.attend(owner, { agent: { answersEnd: false } });
    const ended = await owner.client.call('endSession', { params: { sessionId: session.id } });
    expect(ended.lifecycle.phase).toBe('ended');
  });

  it('ends by the guest and by the agent, each with its reason', async () => {
    const byGuest = await stage.attend(owner);
    await byGuest.guest.ask('guest:stop', {});
    const byAgent = await stage.attend(owner);
    await byAgent.agent.ask('agent:stopped', { reason: 'agent-stopped' });
    const { sessions } = await owner.client.call('listSessions', { query: { state: 'ended', limit: 2 } });
    expect(sessions.map((one) => one.lifecycle)).toEqual([
      expect.objectContaining({ reason: 'agent-stopped' }),
      expect.objectContaining({ reason: 'guest-stopped' }),
    ]);
  });

  it('cancels a code that nobody used, and only that', async () => {
    const unused = await owner.client.call('createSession', { body: {} });
    const cancelled = await owner.client.call('cancelSession', { params: { sessionId: unused.id } });
    expect(cancelled.lifecycle).toMatchObject({ phase: 'ended', reason: 'cancelled' });
    const { session } = await stage.attend(owner);
    const refused = owner.client.call('cancelSession', { params: { sessionId: session.id } });
    expect(await refusalOf(refused)).toBe('illegal-transition');
  });
});
