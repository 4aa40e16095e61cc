import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { type FakeConsole, openConsole } from './support/fake-console.ts';
import { qualityReport } from './support/quality-report.ts';
import { type Controlled, connectPeer, type Person, type Stage, setStage } from './support/stage.ts';

describe.each(DATABASE_KINDS)('how well the picture came, on $name', (kind) => {
  let stage: Stage;
  let owner: Person;
  let attended: Controlled;

  beforeEach(async () => {
    stage = await setStage({ kind });
    owner = await stage.hire('tess', 'technician');
    attended = await stage.control(owner, { session: { visibility: 'company' } });
  }, 60_000);
  afterEach(() => stage.close());

  const report = (console: FakeConsole, ...args: Parameters<typeof qualityReport>) =>
    console.socket.timeout(5_000).emitWithAck('quality:report', qualityReport(...args));
  const stored = async (person: Person = owner) =>
    (await person.client.call('sessionQuality', { params: { sessionId: attended.session.id } })).peers;

  it('is kept for each connection, the newest report of each, and told to who may see the session', async () => {
    const { console, peerId } = attended;
    expect(await stored()).toEqual([]);
    await report(console, peerId, { roundTripMs: null, inputP50Ms: null, inputP95Ms: null, inputs: 0 });
    await report(console, peerId, { seconds: 60, path: 'turn', freezes: 2 });
    // One that was overtaken on the way changes nothing.
    await report(console, peerId, { seconds: 45, path: 'relay' });
    const second = await connectPeer(attended);
    await report(console, second, { path: 'stun', seconds: 5 });
    const colleague = await stage.hire('carl', 'technician');
    for (const person of [owner, colleague]) {
      const peers = await stored(person);
      const [first, other] = peers.toSorted((a, b) => b.seconds - a.seconds);
      expect(peers).toHaveLength(2);
      expect(first).toMatchObject({
        ...qualityReport(peerId, { seconds: 60, path: 'turn', freezes: 2 }),
        viewer: 'Mx tess',
      });
      expect(other).toMatchObject({ peerId: second, path: 'stun', seconds: 5 });
      expect(first?.reportedAt).toBeGreaterThanOrEqual(first?.startedAt ?? Number.NaN);
    }
  });

  it('is still taken while the connection is closed, and after the session has ended', async () => {
    const { console, peerId, session } = attended;
    await owner.client.call('endSession', { params: { sessionId: session.id } });
    await report(console, peerId, { seconds: 33 });
    expect(await stored()).toMatchObject([{ peerId, seconds: 33 }]);
  });

  it('is not taken from anybody else, nor from another login of the same person', async () => {
    const { peerId } = attended;
    const colleague = await stage.hire('carl', 'senior');
    for (const client of [colleague.client, await stage.signInAgain(owner)]) {
      const page = await openConsole(client);
      expect(await report(page, peerId)).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
      page.close();
    }
    expect(await stored()).toEqual([]);
  });

  it('is not taken when it makes no sense, is of no peer, or comes too often', async () => {
    const { console, peerId } = attended;
    expect(await report(console, peerId, { loss: 1.5 })).toMatchObject({ ok: false });
    expect(await report(console, peerId, { fps: Number.NaN })).toMatchObject({ ok: false });
    await report(console, '00000000-0000-4000-8000-00000000abcd');
    for (let seconds = 1; seconds <= 60; seconds += 1) await report(console, peerId, { seconds });
    const [kept] = await stored();
    expect(kept?.seconds).toBeGreaterThanOrEqual(10);
    expect(kept?.seconds).toBeLessThan(50);
  });
});
