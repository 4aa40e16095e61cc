import { AGENT_LOST_MS, type SessionView } from '@guruconnect/shared';
import type { Socket } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import { DATABASE_KINDS, type TestDatabase } from '../support/test-databases.ts';
import { BROWSER_KEY } from './support/browser-key.ts';
import { startAgent } from './support/fake-agent.ts';
import { openConsole } from './support/fake-console.ts';
import { openGuestPanel } from './support/fake-guest.ts';
import { refusalOf } from './support/inbox.ts';
import { type Stage, setStage } from './support/stage.ts';

const connected = (socket: Socket) => new Promise<void>((resolve) => socket.once('connect', () => resolve()));

describe('an agent that is lost', () => {
  let stage: Stage;
  afterEach(() => stage.close());

  it('is noticed within 4 seconds when it falls silent, and is back when it connects again', async () => {
    stage = await setStage();
    const owner = await stage.hire('tess', 'technician');
    const { agent, console, session, sessionToken } = await stage.control(owner);
    agent.fallSilent();
    const silentSince = Date.now();
    await console.inbox.next('session:changed', (view) => view.endpoint.kind === 'lost');
    // From its last beat, which was up to a second before it fell silent.
    expect(Date.now() - silentSince).toBeLessThan(AGENT_LOST_MS + 1_000);
    expect(
      await refusalOf(console.ask('peer:request', { sessionId: session.id, browserKey: BROWSER_KEY })),
    ).toBe('endpoint-offline');
    console.inbox.clear();
    const again = await startAgent(stage.url, sessionToken);
    const view = await console.inbox.next('session:changed', (one) => one.endpoint.kind === 'agent');
    expect(view.participants[0]?.grant.status).toBe('allowed');
    await console.ask('peer:request', { sessionId: session.id, browserKey: BROWSER_KEY });
    again.close();
  });

  it('gives a peer up: its page is told, and need not wait until it notices', async () => {
    stage = await setStage();
    const owner = await stage.hire('tess', 'technician');
    const { agent, console, peerId } = await stage.control(owner);
    agent.tell('peer:state', { peerId, state: 'failed' });
    expect(await console.inbox.next('peer:closed')).toEqual({ peerId, reason: 'replaced' });
  });

  it('is noticed at once when its connection breaks', async () => {
    stage = await setStage();
    const owner = await stage.hire('tess', 'technician');
    const { agent, console } = await stage.control(owner);
    const brokenAt = Date.now();
    agent.close();
    await console.inbox.next('session:changed', (view) => view.endpoint.kind === 'lost');
    expect(Date.now() - brokenAt).toBeLessThan(1_000);
  });
});

describe.each(DATABASE_KINDS)('a restart of the server in the middle of a session, on $name', (kind) => {
  let database: TestDatabase;
  const stages: Stage[] = [];
  afterEach(async () => {
    for (const stage of stages.splice(0)) await stage.stop();
    await database.remove();
  });

  /** Starts the server a second time on the same data and, as a proxy would, under the same address. */
  async function restart(stage: Stage): Promise<Stage> {
    await stage.server.close();
    const port = Number(new URL(stage.url).port);
    const again = await setStage({ database, config: { port } });
    stages.push(again);
    return again;
  }

  it('loses nothing: everybody comes back, nobody is asked again, the picture goes on', async () => {
    database = await kind.create();
    const first = await setStage({ database });
    stages.push(first);
    const owner = await first.hire('tess', 'technician');
    const { agent, guest, console, session, peerId, participantId } = await first.control(owner, {
      reconnect: true,
    });
    const sequence = agent.peers.get(peerId)?.sequence ?? 0;
    const agentBack = connected(agent.socket);
    const guestBack = connected(guest.socket);
    const consoleBack = connected(console.socket);
    const second = await restart(first);
    await Promise.all([agentBack, guestBack, consoleBack]);
    console.inbox.clear();
    // The agent may have been faster than the page: then the reply shows it already.
    const isThere = (one: SessionView) => one.participants[0]?.connected === true;
    const { sessions } = await console.ask('sessions:watch', {});
    const view = sessions.find(isThere) ?? (await console.inbox.next('session:changed', isThere));
    expect(view).toMatchObject({
      id: session.id,
      endpoint: { kind: 'agent' },
      participants: [{ id: participantId, hasControl: true, grant: { status: 'allowed' } }],
    });
    // The agent kept its peer, with a grant that the new process signed.
    expect(agent.peers.get(peerId)?.sequence).toBeGreaterThan(sequence);
    expect((await guest.ask('guest:watch', {})).participants[0]?.grant.status).toBe('allowed');
    // What the new process has never seen can still be cut.
    await owner.client.call('signOut');
    expect(await agent.inbox.next('peer:cut')).toEqual({ peerId, reason: 'signed-out' });
    expect(second.url).toBe(first.url);
  });

  it('cuts, at the first word of the agent, peers whose login ended while the server was away', async () => {
    database = await kind.create();
    const first = await setStage({ database });
    stages.push(first);
    const owner = await first.hire('tess', 'technician');
    const { agent, peerId, sessionToken } = await first.control(owner);
    await first.server.close();
    const { openTestDatabase } = await import('../support/open-test-database.ts');
    const { logins } = await import('../../src/db/schema/people.ts');
    const handle = await openTestDatabase(database);
    await handle.db.update(logins).set({ endedAt: Date.now() });
    await handle.close();
    const second = await setStage({ database, config: { port: Number(new URL(first.url).port) } });
    stages.push(second);
    const again = await startAgent(second.url, sessionToken);
    again.peers.set(peerId, structuredClone(agent.peers.get(peerId)) ?? Object.create(null));
    const reply = await again.hello();
    expect(reply.grants).toEqual([]);
    expect(again.peers.size).toBe(0);
    again.close();
  });

  it('notes agents that do not come back as lost', async () => {
    database = await kind.create();
    const first = await setStage({ database });
    stages.push(first);
    const owner = await first.hire('tess', 'technician');
    const { session } = await first.control(owner);
    const second = await restart(first);
    const page = await openConsole(await second.signInAgain(owner));
    const { sessions } = await page.ask('sessions:watch', {});
    expect(sessions.find((one) => one.id === session.id)?.endpoint.kind).toBe('agent');
    const view = await page.inbox.next('session:changed', (one) => one.endpoint.kind === 'lost', 15_000);
    expect(view.id).toBe(session.id);
    page.close();
  }, 40_000);

  it('keeps tokens of guests and agents good', async () => {
    database = await kind.create();
    const first = await setStage({ database });
    stages.push(first);
    const owner = await first.hire('tess', 'technician');
    const { guestToken, sessionToken } = await first.attend(owner);
    const second = await restart(first);
    const guest = await openGuestPanel(second.url, { guestToken });
    const agent = await startAgent(second.url, sessionToken);
    expect((await guest.ask('guest:watch', {})).endpoint.kind).toBe('agent');
    guest.close();
    agent.close();
  });
});
