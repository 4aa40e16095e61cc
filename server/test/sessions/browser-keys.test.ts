import { keyThumbprint } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_KEY, newBrowserKey } from './support/browser-key.ts';
import { openConsole } from './support/fake-console.ts';
import { refusalOf } from './support/inbox.ts';
import { connectPeer, type Person, type Stage, setStage } from './support/stage.ts';

describe('the key of a browser', () => {
  let stage: Stage;
  let owner: Person;

  beforeAll(async () => {
    stage = await setStage();
    owner = await stage.hire('tess', 'technician');
  });
  afterAll(() => stage.close());

  it('is named in every grant of its peers', async () => {
    const { agent, peerId, console, session } = await stage.control(owner);
    expect(agent.peers.get(peerId)?.viewerKey).toBe(keyThumbprint(BROWSER_KEY));
    agent.inbox.clear();
    await console.ask('control:release', { sessionId: session.id });
    await agent.inbox.next('peer:grant', (one) => one.peerId === peerId);
    expect(agent.peers.get(peerId)).toMatchObject({
      capabilities: ['view'],
      viewerKey: keyThumbprint(BROWSER_KEY),
    });
  });

  it('is the only one that its sign-in ever gets a peer for, and another is in the audit log', async () => {
    const { console, session, agent } = await stage.control(owner);
    const sessionId = session.id;
    agent.inbox.clear();
    const stolen = newBrowserKey();
    expect(await refusalOf(console.ask('peer:request', { sessionId, browserKey: stolen }))).toBe(
      'other-browser',
    );
    expect(agent.inbox.all('peer:open')).toEqual([]);
    const { entries } = await stage.admin.client.call('sessionAudit', { params: { sessionId } });
    expect(entries).toContainEqual(
      expect.objectContaining({
        action: 'login.other-browser',
        actor: `user:${owner.userId}`,
        details: expect.objectContaining({ viewerKey: keyThumbprint(stolen) }),
      }),
    );
    await connectPeer({ console, session });
  });

  it('goes with the sign-in: after another one, another browser is welcome', async () => {
    const { session } = await stage.control(owner);
    const page = await openConsole(await stage.signInAgain(owner));
    const elsewhere = { sessionId: session.id, browserKey: newBrowserKey() };
    const { peerId } = await page.ask('peer:request', elsewhere);
    expect(peerId).toBeTruthy();
    page.close();
  });

  it('is taken from one of two browsers that come at once with one sign-in', async () => {
    const { session } = await stage.attend(owner);
    const page = await openConsole(await stage.signInAgain(owner));
    await page.ask('session:join', { sessionId: session.id, wants: 'view' });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, () =>
        page.ask('peer:request', { sessionId: session.id, browserKey: newBrowserKey() }),
      ),
    );
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    page.close();
  });

  it('is a point in the right form, or nothing', async () => {
    const { console, session } = await stage.attend(owner);
    for (const browserKey of ['', 'A'.repeat(86), `${'A'.repeat(86)}=`, `${BROWSER_KEY}A`]) {
      expect(await refusalOf(console.ask('peer:request', { sessionId: session.id, browserKey }))).toBe(
        'invalid-message',
      );
    }
  });
});
