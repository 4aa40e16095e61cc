import { DEFAULT_PREFERENCES, DEFAULT_SETTINGS, type DeploymentSettings } from '@guruconnect/shared';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLogins, type LoginsFeature } from '../src/auth/logins.ts';
import type { EndedLogin } from '../src/core/ports.ts';
import { newId } from '../src/core/secrets.ts';
import type { DatabaseHandle } from '../src/db/database.ts';
import { users } from '../src/db/schema/people.ts';
import { createServerKeys } from '../src/keys/server-keys.ts';
import { openTestDatabase } from './support/open-test-database.ts';
import { SILENT } from './support/start-test-server.ts';
import { createTestClock, type TestClock } from './support/test-clock.ts';
import { DATABASE_KINDS, type TestDatabase } from './support/test-databases.ts';

const MINUTE = 60_000;

describe.each(DATABASE_KINDS)('how long a login lives on $name', ({ create }) => {
  let database: TestDatabase;
  let handle: DatabaseHandle;
  let clock: TestClock;
  let settings: DeploymentSettings;
  let logins: LoginsFeature;
  let ended: EndedLogin[];
  let nextEnd: () => Promise<EndedLogin>;

  beforeAll(async () => {
    database = await create();
    handle = await openTestDatabase(database);
  });
  afterAll(async () => {
    await handle.close();
    await database.remove();
  });
  beforeEach(async () => {
    clock = createTestClock();
    settings = { ...DEFAULT_SETTINGS, loginIdleMinutes: 30, loginMaximumMinutes: 120 };
    const keys = createServerKeys({ db: handle.db, clock });
    const port = { current: () => settings, onChanged: () => () => undefined };
    logins = await createLogins({ db: handle.db, clock, keys, settings: port, log: SILENT });
    ended = [];
    let wake: ((login: EndedLogin) => void) | undefined;
    logins.onEnded((login) => {
      ended.push(login);
      wake?.(login);
    });
    nextEnd = () => new Promise((resolve) => (wake = resolve));
  });

  async function start() {
    const userId = newId();
    await handle.db.insert(users).values({
      id: userId,
      username: userId,
      name: 'Somebody',
      role: 'technician',
      passwordHash: 'none',
      preferences: DEFAULT_PREFERENCES,
      createdAt: clock.now(),
    });
    const login = await logins.start(userId, { address: '192.0.2.1', userAgent: 'test' });
    return { ...login, userId, cookie: `theme=x; gc_login=${login.token}` };
  }

  it('ends when it was not used for the idle time', async () => {
    const login = await start();
    clock.advance(30 * MINUTE);
    expect((await logins.authenticate(login.cookie))?.loginId).toBe(login.loginId);
    clock.advance(29 * MINUTE);
    expect(await logins.isLive(login.loginId)).toBe(true);
    const end = nextEnd();
    clock.advance(2 * MINUTE);
    expect(await logins.authenticate(login.cookie)).toBeUndefined();
    expect(await end).toEqual({ loginId: login.loginId, userId: login.userId, reason: 'expired' });
  });

  it('ends after the maximum time although it is used', async () => {
    const login = await start();
    for (let minutes = 0; minutes < 120; minutes += 20) {
      clock.advance(20 * MINUTE);
      await logins.touch(login.loginId);
    }
    expect(await logins.isLive(login.loginId)).toBe(true);
    clock.advance(1);
    expect(await logins.authenticate(login.cookie)).toBeUndefined();
  });

  it('is ended by the sweep, and told of, when nobody comes back', async () => {
    const login = await start();
    const end = nextEnd();
    clock.advance(30 * MINUTE + 10_001);
    expect(await end).toMatchObject({ loginId: login.loginId, reason: 'expired' });
    expect(await logins.listOf(login.userId, '')).toEqual([]);
  });

  it('cannot be revived by use after its time, even before the sweep', async () => {
    const login = await start();
    clock.advance(30 * MINUTE + 1);
    await logins.touch(login.loginId);
    expect(await logins.isLive(login.loginId)).toBe(false);
  });

  it('follows a shorter idle time at once', async () => {
    const login = await start();
    clock.advance(10 * MINUTE);
    settings = { ...settings, loginIdleMinutes: 5 };
    expect(await logins.authenticate(login.cookie)).toBeUndefined();
  });

  it('tells of each login once, with the reason', async () => {
    const [one, other] = [await start(), await start()];
    await logins.endAll(one.userId, 'disabled');
    await logins.endAll(one.userId, 'disabled');
    await logins.end(other.userId, other.loginId, 'signed-out');
    expect(ended).toEqual([
      { loginId: one.loginId, userId: one.userId, reason: 'disabled' },
      { loginId: other.loginId, userId: other.userId, reason: 'signed-out' },
    ]);
  });

  it('goes on telling the other listeners when one fails', async () => {
    const login = await start();
    const told: string[] = [];
    logins.onEnded(() => {
      throw new Error('listener');
    });
    const stop = logins.onEnded((end) => told.push(end.loginId));
    await logins.endAll(login.userId, 'signed-out');
    stop();
    await logins.endAll((await start()).userId, 'signed-out');
    expect(told).toEqual([login.loginId]);
  });
});
