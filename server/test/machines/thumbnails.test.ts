import { API_BASE, apiRoutes } from '@guruconnect/shared';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { machineThumbnails } from '../../src/db/schema/machine-thumbnails.ts';
import { machines } from '../../src/db/schema/machines.ts';
import { openConsole } from '../sessions/support/fake-console.ts';
import {
  lookAt,
  type MachineStage,
  type OpenedSession,
  setMachineStage,
} from '../sessions/support/machine-stage.ts';
import { createShiftedClock } from '../sessions/support/shifted-clock.ts';
import type { Person } from '../sessions/support/stage.ts';
import type { ApiClient } from '../support/api-client.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';
import { jpegOf, picture } from './support/pictures.ts';

const WEBP = picture('lossy.webp');
const GAP_MS = 31_000;

describe.each(DATABASE_KINDS)('the small picture of a machine on $name', (kind) => {
  const clock = createShiftedClock();
  let stage: MachineStage;
  let admin: ApiClient;
  let tess: Person;
  let otto: Person;
  let companyId: string;
  let machineId: string;

  beforeAll(async () => {
    stage = await setMachineStage({ kind, clock });
    admin = stage.admin.client;
    tess = await stage.hire('tess', 'technician');
    otto = await stage.hire('otto', 'technician');
    companyId = await stage.addCompany('Glazier', { consent: { kind: 'never' } });
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    await stage.db.delete(machineThumbnails);
    machineId = await stage.addMachine(companyId);
    await turn(true);
  });

  const turn = (machineThumbnails: boolean) => admin.call('changeSettings', { body: { machineThumbnails } });
  const params = () => ({ params: { machineId } });
  const put = (client: ApiClient, body: Uint8Array = WEBP) =>
    client.send('putThumbnail', { ...params(), body });
  const told = async (client = admin) => (await client.call('getMachine', params())).thumbnail;
  const count = async () => (await stage.db.select().from(machineThumbnails)).length;
  const controlled = async (who = tess): Promise<OpenedSession> => {
    const opened = await stage.open(who, machineId);
    await lookAt(opened, opened.console);
    return opened;
  };
  /** As an `<img>` loads it. */
  const load = (client: ApiClient, tag?: string) =>
    fetch(client.url + API_BASE + apiRoutes.getThumbnail.path.replace('{machineId}', machineId), {
      // Without it Node's `fetch` asks for a fresh answer, which browsers do not.
      headers: {
        cookie: client.cookie() ?? '',
        ...(tag === undefined ? {} : { 'if-none-match': tag, 'cache-control': 'max-age=0' }),
      },
    });

  it('comes from whoever controls the machine, and is shown with who took it and when', async () => {
    expect(await told()).toBeNull();
    const { session } = await controlled();
    expect(session.takesThumbnails).toBe(true);
    const { row } = await admin.call('getMachine', params());
    const shown = new Promise<readonly string[]>((resolve) => {
      const stop = stage.feed.onChanged((ids) => {
        stop();
        resolve(ids);
      });
    });
    const before = clock.now();
    expect((await put(tess.client)).status).toBe(200);
    expect(await shown).toEqual([machineId]);
    const details = await otto.client.call('getMachine', params());
    expect(details.thumbnail).toMatchObject({
      takenBy: { userId: tess.userId, name: 'Mx tess' },
      width: 32,
      height: 20,
    });
    expect(details.thumbnail?.takenAt).toBeGreaterThanOrEqual(before - 1);
    // Pages that show the machine read it anew.
    expect(details.row.version).toBeGreaterThan(row.version);
    const [stored] = await stage.db
      .select()
      .from(machineThumbnails)
      .where(eq(machineThumbnails.machineId, machineId));
    expect(stored).toMatchObject({ takenBy: tess.userId, sessionId: session.id });
  });

  it('is given out as it came, with its own type, to be kept by that browser and asked for each time', async () => {
    await controlled();
    await put(tess.client);
    const answer = await load(otto.client);
    expect(answer.status).toBe(200);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(WEBP);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    const tag = answer.headers.get('etag') ?? '';
    const again = await load(otto.client, tag);
    expect([again.status, await again.text()]).toEqual([304, '']);
    clock.shift(GAP_MS);
    const jpeg = jpegOf(300, 200);
    expect((await put(tess.client, jpeg)).status).toBe(200);
    const newer = await load(otto.client, tag);
    expect([newer.status, newer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(new Uint8Array(await newer.arrayBuffer())).toEqual(jpeg);
    expect(await told()).toMatchObject({ width: 300, height: 200 });
  });

  it('is not there for people who do not reach the machine, nor for nobody', async () => {
    await controlled();
    await put(tess.client);
    await stage.changeCompany(companyId, { access: 'assigned', assignedUserIds: [tess.userId] });
    const invented = { params: { machineId: crypto.randomUUID() } };
    for (const [route, input] of [
      ['getThumbnail', {}],
      ['putThumbnail', { body: WEBP }],
      ['deleteThumbnail', {}],
    ] as const) {
      const hidden = await otto.client.send(route, { ...params(), ...input });
      const none = await otto.client.send(route, { ...invented, ...input });
      expect(hidden.status, route).toBe(404);
      expect(hidden.body).toEqual(none.body);
      const anybody = await stage.server.browser().send(route, { ...params(), ...input });
      expect(anybody.status, route).toBe(401);
    }
    await stage.changeCompany(companyId, { access: 'everyone' });
    const without = await stage.addMachine(companyId);
    const answer = await otto.client.send('getThumbnail', { params: { machineId: without } });
    expect(answer).toMatchObject({ status: 404, body: { error: { message: 'There is no such machine.' } } });
  });

  it('is not taken while the setting is off, and sessions do not ask for it', async () => {
    await turn(false);
    const { session } = await controlled();
    expect(session.takesThumbnails).toBeUndefined();
    expect((await put(tess.client)).status).toBe(409);
    expect(await told()).toBeUndefined();
    expect((await load(tess.client)).status).toBe(404);
    expect(await count()).toBe(0);
  });

  it('is not taken from anybody but who controls it now', async () => {
    expect((await put(tess.client)).status).toBe(403);
    const opened = await stage.open(tess, machineId, { visibility: 'company' });
    // The session is there, but nobody shows its picture.
    expect((await put(tess.client)).status).toBe(403);
    const sessionId = opened.session.id;
    await opened.console.ask('session:join', { sessionId, wants: 'control' });
    expect((await put(tess.client)).status).toBe(403);
    await lookAt(opened, opened.console);
    const overseer = await openConsole(otto.client);
    await overseer.ask('sessions:watch', {});
    await lookAt(opened, overseer, 'view');
    for (const client of [otto.client, admin]) expect((await put(client)).status).toBe(403);
    // On another machine the same technician controls nothing.
    const other = await stage.addMachine(companyId);
    const elsewhere = { params: { machineId: other }, body: WEBP };
    expect((await tess.client.send('putThumbnail', elsewhere)).status).toBe(403);
    expect(await count()).toBe(0);
    expect((await put(tess.client)).status).toBe(200);
    overseer.close();
  });

  it('is not taken once control is given up, paused, or the session is over', async () => {
    const { session, console: page } = await controlled();
    const sessionId = session.id;
    await page.ask('control:release', { sessionId });
    expect((await put(tess.client)).status).toBe(403);
    await page.ask('control:take', { sessionId });
    await page.ask('session:pause', { sessionId });
    expect((await put(tess.client)).status).toBe(403);
    await page.ask('session:resume', { sessionId });
    await tess.client.call('endSession', { params: { sessionId } });
    expect((await put(tess.client)).status).toBe(403);
    expect(await count()).toBe(0);
  });

  it('waits for the consent of the person at the machine', async () => {
    const asking = await stage.addCompany('Asked', {
      consent: { kind: 'ask', timeoutSeconds: 60, otherwise: 'refuse' },
    });
    machineId = await stage.addMachine(asking);
    const opened = await stage.open(tess, machineId);
    const join = { sessionId: opened.session.id, wants: 'control' } as const;
    await opened.console.ask('session:join', join);
    expect((await put(tess.client)).status).toBe(403);
    await lookAt(opened, opened.console);
    expect((await put(tess.client)).status).toBe(200);
  });

  it('is taken at most every half minute of a session', async () => {
    await controlled();
    expect((await put(tess.client)).status).toBe(200);
    const answer = await put(tess.client, jpegOf(20, 20));
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toMatch(/^(29|30)$/);
    expect(await told()).toMatchObject({ width: 32 });
  });

  it('is a picture and nothing else, whatever the request calls it', async () => {
    await controlled();
    const refused: [Uint8Array, number][] = [
      [new Uint8Array(), 400],
      [picture('plain.png'), 400],
      [new TextEncoder().encode('<svg onload="alert(1)">'), 400],
      [jpegOf(481, 20), 400],
      [new Uint8Array(64 * 1024 + 1).fill(1), 413],
    ];
    for (const [body, status] of refused) {
      for (const type of ['image/webp', 'application/json', 'text/html']) {
        const headers = { 'content-type': type };
        const answer = await tess.client.send('putThumbnail', { ...params(), body, headers });
        expect(answer.status, type).toBe(status);
      }
    }
    const packed = await tess.client.send('putThumbnail', {
      ...params(),
      body: WEBP,
      headers: { 'content-encoding': 'gzip' },
    });
    expect(packed.status).toBe(400);
    const foreign = { ...params(), body: WEBP, headers: { 'x-csrf-token': 'made-up' } };
    expect((await tess.client.send('putThumbnail', foreign)).status).toBe(403);
    const elsewhere = { ...params(), body: WEBP, headers: { origin: 'https://evil.example' } };
    expect((await tess.client.send('putThumbnail', elsewhere)).status).toBe(403);
    expect(await count()).toBe(0);
    // Called what it is not, it is given out as what it is.
    const headers = { 'content-type': 'text/html' };
    expect((await tess.client.send('putThumbnail', { ...params(), body: WEBP, headers })).status).toBe(200);
    expect((await load(tess.client)).headers.get('content-type')).toBe('image/webp');
  });

  it('is erased by whoever may change the machine, which is written down', async () => {
    await controlled();
    await put(tess.client);
    const details = await otto.client.call('deleteThumbnail', params());
    expect(details.thumbnail).toBeNull();
    expect(await count()).toBe(0);
    expect((await load(tess.client)).status).toBe(404);
    // There is nothing to erase, and nothing to write down.
    await otto.client.call('deleteThumbnail', params());
    expect(await audited('machine.thumbnail-erased')).toMatchObject([
      { actor: `user:${otto.userId}`, details: { machineId, name: 'Front desk' } },
    ]);
  });

  it('is erased with all others before turning the setting off is answered', async () => {
    await controlled();
    await put(tess.client);
    const before = await admin.call('getMachine', params());
    await turn(false);
    expect(await count()).toBe(0);
    const [entry] = await audited('machine.thumbnails-erased');
    expect(entry).toMatchObject({ actor: 'server', details: { machines: 1 } });
    await turn(true);
    const after = await admin.call('getMachine', params());
    expect(after.thumbnail).toBeNull();
    expect(after.row.version).toBeGreaterThan(before.row.version);
  });

  it('goes with a machine that is removed, and for good with one that is deleted', async () => {
    const opened = await controlled();
    await put(tess.client);
    const change = (kind: 'remove' | 'restore') =>
      admin.call('changeMachines', { body: { machineIds: [machineId], change: { kind } } });
    await change('remove');
    expect(await count()).toBe(0);
    expect((await put(tess.client)).status).toBe(404);
    expect((await put(admin)).status).toBe(409);
    await change('restore');
    expect(await told()).toBeNull();
    const row = { machineId, bytes: Buffer.from(WEBP), mimeType: 'image/webp', width: 1, height: 1 } as const;
    const { id: sessionId } = opened.session;
    await stage.db.insert(machineThumbnails).values({ ...row, takenAt: 1, takenBy: tess.userId, sessionId });
    await stage.db.delete(machines).where(eq(machines.id, machineId));
    expect(await count()).toBe(0);
  });

  it('is erased at the start when the server went down before it could', async () => {
    await turn(false);
    const row = { machineId, bytes: Buffer.from(WEBP), mimeType: 'image/webp', width: 1, height: 1 } as const;
    await stage.db.insert(machineThumbnails).values({ ...row, takenAt: 1 });
    expect((await load(admin)).status).toBe(404);
    await stage.stop();
    stage = await setMachineStage({ kind, clock, database: stage.database });
    admin = stage.admin.client;
    await vi.waitFor(async () => expect(await count()).toBe(0), { timeout: 10_000 });
  });

  async function audited(action: string) {
    const { entries } = await admin.call('listAudit', { query: { limit: 500 } });
    return entries.filter((entry) => entry.action === action);
  }
});
