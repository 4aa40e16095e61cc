import { DEFAULT_PREFERENCES, type Preferences } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from './support/api-client.ts';
import { ADMIN, startTestServer, type TestServer } from './support/start-test-server.ts';
import { DATABASE_KINDS, type TestDatabase } from './support/test-databases.ts';

const PASSWORD = 'a long enough password';
/** Each test speaks from an address of its own, so that one's wrong tries do not count for another. */
const PROXY = { trustedProxies: ['127.0.0.1'] };

describe.each(DATABASE_KINDS)('signing in on $name', ({ create }) => {
  let database: TestDatabase;
  let server: TestServer;
  let admin: ApiClient;

  beforeAll(async () => {
    database = await create();
    server = await startTestServer({ database, config: PROXY });
    admin = await server.setUp();
  });
  afterAll(async () => {
    await server.close();
    await database.remove();
  });

  const addTechnician = async (username: string) =>
    admin.call('createUser', {
      body: { username, name: username, role: 'technician', teamId: null, password: PASSWORD },
    });
  const trySignIn = (username: string, password: string, from: string) =>
    server.browser().send('signIn', { body: { username, password }, headers: { 'x-forwarded-for': from } });

  it('sets a cookie that scripts cannot read and other sites do not send', async () => {
    const { headers } = await trySignIn(ADMIN.username, ADMIN.password, '192.0.2.1');
    const cookie = headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^gc_login=[A-Za-z0-9_-]{43};/);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
    expect(cookie).toContain('Path=/');
    expect(cookie).not.toContain('Secure');
  });

  it('marks the cookie as secure when a trusted proxy says that the browser speaks TLS', async () => {
    const answer = await server.browser().send('signIn', {
      body: { username: ADMIN.username, password: ADMIN.password },
      headers: {
        'x-forwarded-proto': 'https',
        'x-forwarded-for': '192.0.2.1',
        origin: server.url.replace('http:', 'https:'),
      },
    });
    expect(answer.headers.get('set-cookie')).toContain('Secure');
  });

  it('takes user names without case and blanks around', async () => {
    const { status } = await trySignIn('  ADA ', ADMIN.password, '192.0.2.1');
    expect(status).toBe(200);
  });

  it('answers unknown names, wrong passwords and disabled people alike', async () => {
    const user = await addTechnician('gone');
    await admin.call('disableUser', { params: { userId: user.userId } });
    const answers = [
      await trySignIn('nobody-at-all', PASSWORD, '192.0.2.2'),
      await trySignIn(ADMIN.username, 'wrong password', '192.0.2.2'),
      await trySignIn('gone', PASSWORD, '192.0.2.2'),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(401);
      expect(body).toEqual({
        error: { code: 'wrong-credentials', message: 'The user name or the password is wrong.' },
      });
    }
  });

  it('takes as long for unknown names as for wrong passwords', async () => {
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let n = 0; n < 9; n += 1) {
      await addTechnician(`timed-${n}`);
      const from = `198.51.100.${n}`;
      times.known.push(await durationOf(() => trySignIn(`timed-${n}`, 'wrong password', from)));
      times.unknown.push(await durationOf(() => trySignIn(`untimed-${n}`, 'wrong password', from)));
    }
    const [known, unknown] = [median(times.known), median(times.unknown)];
    // Without the decoy the unknown name answers in a few milliseconds, the hash takes tens.
    expect(unknown).toBeGreaterThan(known * 0.5);
    expect(unknown).toBeLessThan(known * 2);
  });

  it('stops guesses at one name from one address, and lets the person in from elsewhere', async () => {
    await addTechnician('target');
    const statuses: number[] = [];
    for (let n = 0; n < 12; n += 1) {
      statuses.push((await trySignIn('target', `guess number ${n}`, '203.0.113.7')).status);
    }
    expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
    const blocked = await trySignIn('target', PASSWORD, '203.0.113.7');
    expect(blocked.status).toBe(429);
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(60);
    expect((await trySignIn('target', PASSWORD, '203.0.113.8')).status).toBe(200);
  });

  it('stops one address, or one IPv6 network, that tries many names', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 53 }, (_, n) =>
        trySignIn(`name-${n}`, PASSWORD, `2001:db8:1:2::${n.toString(16)}`),
      ),
    ).then((answers) => answers.map((answer) => answer.status));
    expect(statuses.filter((status) => status === 429)).toHaveLength(3);
  });

  it('does not count right passwords as tries', async () => {
    await addTechnician('busy');
    for (let n = 0; n < 15; n += 1) {
      expect((await trySignIn('busy', PASSWORD, '203.0.113.9')).status).toBe(200);
    }
  });

  it('signs this browser out and leaves the others signed in', async () => {
    await addTechnician('two-browsers');
    const [one, other] = [
      await server.signIn('two-browsers', PASSWORD),
      await server.signIn('two-browsers', PASSWORD),
    ];
    const cookie = one.cookie() ?? '';
    await one.call('signOut');
    expect(one.cookie()).toBeUndefined();
    // The token itself is dead, not only forgotten by the browser.
    expect((await one.send('me', { headers: { cookie } })).status).toBe(401);
    expect((await other.call('me')).username).toBe('two-browsers');
  });

  it('signs every browser out at once', async () => {
    await addTechnician('everywhere');
    const [one, other] = [
      await server.signIn('everywhere', PASSWORD),
      await server.signIn('everywhere', PASSWORD),
    ];
    await one.call('signOutEverywhere');
    expect((await other.send('me')).status).toBe(401);
  });

  it('lists my browsers and ends one of them, but not one of somebody else', async () => {
    await addTechnician('lister');
    const [one, other] = [await server.signIn('lister', PASSWORD), await server.signIn('lister', PASSWORD)];
    const { logins } = await one.call('listLogins');
    expect(logins.map((login) => login.current).sort()).toEqual([false, true]);
    const others = logins.find((login) => !login.current);
    const params = { loginId: others?.loginId ?? '' };
    expect((await admin.send('endLogin', { params })).status).toBe(404);
    expect((await other.call('me')).username).toBe('lister');
    await one.call('endLogin', { params });
    expect((await other.send('me')).status).toBe(401);
    expect((await one.call('listLogins')).logins).toHaveLength(1);
  });

  it('changes my password with the old one, and signs my other browsers out', async () => {
    await addTechnician('changer');
    const [one, other] = [await server.signIn('changer', PASSWORD), await server.signIn('changer', PASSWORD)];
    const next = 'another long password';
    const wrong = await one.send('changePassword', { body: { current: 'not my password', next } });
    expect(wrong.body).toMatchObject({ error: { code: 'wrong-credentials' } });
    const short = await one.send('changePassword', { body: { current: PASSWORD, next: 'short' } });
    expect(short.status).toBe(400);
    await one.call('changePassword', { body: { current: PASSWORD, next } });
    expect((await one.call('me')).username).toBe('changer');
    expect((await other.send('me')).status).toBe(401);
    expect((await trySignIn('changer', PASSWORD, '192.0.2.44')).status).toBe(401);
    expect((await trySignIn('changer', next, '192.0.2.44')).status).toBe(200);
  });

  it('keeps my preferences, each on its own', async () => {
    await addTechnician('chooser');
    const one = await server.signIn('chooser', PASSWORD);
    await one.call('changePreferences', { body: { theme: 'dark' } });
    await one.call('changePreferences', { body: { sidebar: 'collapsed' } });
    const { preferences } = await one.call('me');
    expect(preferences).toEqual({ ...DEFAULT_PREFERENCES, theme: 'dark', sidebar: 'collapsed' });
    expect((await one.send('changePreferences', { body: { theme: 'pink' } })).status).toBe(400);
  });

  it('keeps every preference that there is', async () => {
    await addTechnician('particular');
    const one = await server.signIn('particular', PASSWORD);
    const wanted: Preferences = {
      theme: 'light',
      sidebar: 'collapsed',
      landingTab: 'access',
      accessGrouping: 'tag',
      showSmartGroups: false,
      accessQuery: 'is:online',
      accessColumns: [{ key: 'name', width: 240 }],
      sessionVisibility: 'private',
      notifications: { browser: true, sound: true },
    };
    for (const [name, value] of Object.entries(wanted)) {
      expect(DEFAULT_PREFERENCES).not.toHaveProperty(name, value);
      await one.call('changePreferences', { body: { [name]: value } });
    }
    expect((await one.call('me')).preferences).toEqual(wanted);
  });

  it('writes who signed in and who failed, without passwords', async () => {
    await trySignIn(ADMIN.username, 'a wrong secret', '192.0.2.77');
    const { entries } = await admin.call('listAudit', { query: { limit: 500 } });
    const failed = entries.find((entry) => entry.action === 'login.failed' && entry.address === '192.0.2.77');
    expect(failed?.details).toEqual({ username: 'ada' });
    expect(entries.some((entry) => entry.action === 'login.succeeded')).toBe(true);
    const text = JSON.stringify(entries);
    expect(text).not.toContain('a wrong secret');
    expect(text).not.toContain(PASSWORD);
  });
});

async function durationOf(task: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
