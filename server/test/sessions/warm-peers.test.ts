import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BROWSER_KEY } from './support/browser-key.ts';
import { openConsole } from './support/fake-console.ts';
import { refusalOf } from './support/inbox.ts';
import { type Attended, joinWithConsent, type Person, type Stage, setStage } from './support/stage.ts';

describe('a peer that is made before anybody joined', () => {
  let stage: Stage;
  let owner: Person;

  beforeEach(async () => {
    stage = await setStage();
    owner = await stage.hire('tess', 'technician');
  });
  afterEach(() => stage.close());

  const capabilitiesOf = ({ agent }: Attended, peerId: string) => agent.peers.get(peerId)?.capabilities;

  /** Makes a warm peer and connects it. */
  async function warmUp({ console, agent, session }: Attended, warm?: boolean): Promise<string> {
    const wish = warm === undefined ? {} : { warm };
    const { peerId } = await console.ask('peer:request', {
      sessionId: session.id,
      browserKey: BROWSER_KEY,
      ...wish,
    });
    await console.inbox.next('peer:offer', (offer) => offer.peerId === peerId);
    console.tell('peer:answer', { peerId, sdp: 'answer' });
    await agent.inbox.next('peer:answer', (answer) => answer.peerId === peerId);
    return peerId;
  }

  const grantOf = ({ agent }: Attended, peerId: string) =>
    agent.inbox.next('peer:grant', (grant) => grant.peerId === peerId);

  const actions = async (sessionId: string) =>
    (await stage.admin.client.call('sessionAudit', { params: { sessionId } })).entries.map(
      ({ action, details }) => [action, details] as const,
    );

  it('lets nothing through, shows in no list, and becomes the picture by consent alone', async () => {
    const attended = await stage.attend(owner);
    const { console, guest, session, agent } = attended;
    const peerId = await warmUp(attended);
    expect(capabilitiesOf(attended, peerId)).toEqual([]);
    const { sessions } = await console.ask('sessions:watch', {});
    expect(sessions.find((one) => one.id === session.id)?.participants).toEqual([]);
    expect((await guest.ask('guest:watch', {})).participants).toEqual([]);
    const participantId = await joinWithConsent(attended, 'control');
    await grantOf(attended, peerId);
    expect(capabilitiesOf(attended, peerId)).toEqual(['view', 'control']);
    expect(agent.inbox.all('peer:open').map((order) => order.participantId)).toEqual([participantId]);
    await console.inbox.next('session:changed', (view) => view.participants.some((one) => one.connected));
    const recorded = await actions(session.id);
    expect(recorded.find(([action]) => action === 'peer.opened')?.[1]).toMatchObject({ warm: true });
    expect(recorded.find(([action]) => action === 'peer.live')?.[1]).toMatchObject({
      peerId,
      capabilities: 'view+control',
    });
  });

  it('is gone when the person at the machine declines, and comes to nothing for the declined', async () => {
    const attended = await stage.attend(owner);
    const { console, guest, session, agent } = attended;
    const peerId = await warmUp(attended);
    const { participantId } = await console.ask('session:join', { sessionId: session.id, wants: 'control' });
    await guest.ask('consent:answer', { participantId, answer: 'refuse' });
    await agent.inbox.next('peer:cut', (cut) => cut.peerId === peerId);
    expect(
      await refusalOf(console.ask('peer:request', { sessionId: session.id, browserKey: BROWSER_KEY })),
    ).toBe('not-allowed');
  });

  it('is given up by leaving', async () => {
    const attended = await stage.attend(owner);
    const { console, session, agent } = attended;
    const peerId = await warmUp(attended);
    await console.ask('session:join', { sessionId: session.id, wants: 'control' });
    await console.ask('session:leave', { sessionId: session.id });
    expect(await agent.inbox.next('peer:cut')).toEqual({ peerId, reason: 'left' });
  });

  it('held ready in a dashboard it shows nothing even to somebody who was allowed, until that page joins', async () => {
    const attended = await stage.attend(owner);
    const { console, session } = attended;
    await joinWithConsent(attended, 'control');
    const held = await warmUp(attended, true);
    const other = await warmUp(attended, true);
    await console.ask('control:release', { sessionId: session.id });
    await console.ask('control:take', { sessionId: session.id });
    expect(capabilitiesOf(attended, held)).toEqual([]);
    await console.ask('session:join', { sessionId: session.id, wants: 'control', peerId: held });
    await grantOf(attended, held);
    expect(capabilitiesOf(attended, held)).toEqual(['view', 'control']);
    expect(capabilitiesOf(attended, other)).toEqual([]);
  });

  it("cannot be woken by somebody else's page", async () => {
    const attended = await stage.attend(owner);
    const { session } = attended;
    await joinWithConsent(attended, 'control');
    const held = await warmUp(attended, true);
    const page = await openConsole(stage.admin.client);
    await page.ask('session:join', { sessionId: session.id, wants: 'view', peerId: held });
    await attended.console.ask('control:release', { sessionId: session.id });
    expect(capabilitiesOf(attended, held)).toEqual([]);
    page.close();
  });

  it('is refused to a login that has enough of them', async () => {
    const attended = await stage.attend(owner);
    const { console, session } = attended;
    for (let n = 0; n < 4; n += 1) await warmUp(attended, true);
    expect(
      await refusalOf(
        console.ask('peer:request', { sessionId: session.id, browserKey: BROWSER_KEY, warm: true }),
      ),
    ).toBe('too-many-requests');
    // Whoever really joins is not held up by that.
    await warmUp(attended);
  });

  it('is cut when its person may no longer watch the session', async () => {
    const attended = await stage.attend(owner, { session: { visibility: 'company' } });
    const colleague = await stage.hire('carl', 'technician');
    const page = await openConsole(colleague.client);
    const peerId = await warmUp({ ...attended, console: page });
    const params = { sessionId: attended.session.id };
    await owner.client.call('changeSession', { params, body: { visibility: 'private' } });
    expect(await attended.agent.inbox.next('peer:cut')).toEqual({ peerId, reason: 'left' });
    page.close();
  });
});
