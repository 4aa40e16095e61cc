import type { ApiName, Role, WireError } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient, RawInput } from './support/api-client.ts';
import { startTestServer, type TestServer } from './support/start-test-server.ts';
import { DATABASE_KINDS, type TestDatabase } from './support/test-databases.ts';

const PASSWORD = 'a long enough password';
const SOMEBODY = '00000000-0000-4000-8000-000000000000';

/** Routes that admins alone may use, with input that would do something. */
const ADMIN_ROUTES: [ApiName, RawInput][] = [
  ['createUser', { body: { username: 'x1', name: 'X', role: 'admin', teamId: null, password: PASSWORD } }],
  ['changeUser', { params: { userId: SOMEBODY }, body: { role: 'admin' } }],
  ['disableUser', { params: { userId: SOMEBODY } }],
  ['enableUser', { params: { userId: SOMEBODY } }],
  ['createTeam', { body: { name: 'X' } }],
  ['changeTeam', { params: { teamId: SOMEBODY }, body: { name: 'X' } }],
  ['deleteTeam', { params: { teamId: SOMEBODY } }],
  ['getSettings', {}],
  ['changeSettings', { body: { companyName: 'X' } }],
  ['listAudit', {}],
];

describe.each(DATABASE_KINDS)('users and teams on $name', ({ create }) => {
  let database: TestDatabase;
  let server: TestServer;
  let admin: ApiClient;
  const browsers = new Map<Role, ApiClient>();

  beforeAll(async () => {
    database = await create();
    server = await startTestServer({ database });
    admin = await server.setUp();
    for (const role of ['technician', 'senior'] as const) {
      await add(`plain-${role}`, role);
      browsers.set(role, await server.signIn(`plain-${role}`, PASSWORD));
    }
  });
  afterAll(async () => {
    await server.close();
    await database.remove();
  });

  const add = (username: string, role: Role = 'technician', teamId: string | null = null) =>
    admin.call('createUser', {
      body: { username, name: `Name of ${username}`, role, teamId, password: PASSWORD },
    });

  describe.each(['technician', 'senior'] as const)('a %s', (role) => {
    it.each(ADMIN_ROUTES)('may not use %s', async (name, input) => {
      const answer = await browsers.get(role)?.send(name, input);
      expect(answer?.status).toBe(403);
      expect(answer?.body).toMatchObject({ error: { code: 'not-allowed' } });
    });

    it('may see who there is', async () => {
      const { users } = (await browsers.get(role)?.call('listUsers')) ?? { users: [] };
      expect(users.map((user) => user.username)).toContain('ada');
      expect(JSON.stringify(users)).not.toContain('argon2');
    });
  });

  it('refuses a user name that is taken, in any case, and keeps the first', async () => {
    await add('taken');
    await expect(add('TAKEN')).rejects.toMatchObject({ code: 'name-taken' });
    expect((await server.signIn('taken', PASSWORD)).cookie()).toBeDefined();
  });

  it('refuses weak passwords and unknown teams', async () => {
    const body = {
      username: 'weak',
      name: 'Weak',
      role: 'technician' as const,
      teamId: null,
      password: 'short',
    };
    expect((await admin.send('createUser', { body })).status).toBe(400);
    await expect(add('lost', 'technician', SOMEBODY)).rejects.toMatchObject({ code: 'not-found' });
    expect((await admin.call('listUsers')).users.map((user) => user.username)).not.toContain('lost');
  });

  it.each([
    ['a new role', { role: 'senior' as const }],
    ['a new password', { password: 'quite another password' }],
  ])('signs somebody out with %s', async (what, body) => {
    const user = await add(`changed-by-${what.replaceAll(' ', '-')}`);
    const browser = await server.signIn(user.username, PASSWORD);
    await admin.call('changeUser', { params: { userId: user.userId }, body });
    expect((await browser.send('me')).status).toBe(401);
  });

  it('signs somebody out with a new team, but not with a new name', async () => {
    const team = await admin.call('createTeam', { body: { name: 'Night shift' } });
    const user = await add('mover');
    const browser = await server.signIn('mover', PASSWORD);
    await admin.call('changeUser', { params: { userId: user.userId }, body: { name: 'Moved' } });
    expect((await browser.call('me')).name).toBe('Moved');
    const changed = await admin.call('changeUser', {
      params: { userId: user.userId },
      body: { teamId: team.teamId },
    });
    expect(changed.teamId).toBe(team.teamId);
    expect((await browser.send('me')).status).toBe(401);
  });

  it('disables somebody at once, and enables them again', async () => {
    const user = await add('paused');
    const browser = await server.signIn('paused', PASSWORD);
    const params = { userId: user.userId };
    expect((await admin.call('disableUser', { params })).disabled).toBe(true);
    expect((await browser.send('me')).status).toBe(401);
    await expect(server.signIn('paused', PASSWORD)).rejects.toMatchObject({ code: 'wrong-credentials' });
    await admin.call('enableUser', { params });
    expect((await server.signIn('paused', PASSWORD)).cookie()).toBeDefined();
    // The old browser stays signed out.
    expect((await browser.send('me')).status).toBe(401);
  });

  it('keeps at least one administrator', async () => {
    const { userId } = await admin.call('me');
    await expect(admin.call('disableUser', { params: { userId } })).rejects.toMatchObject({
      code: 'not-allowed',
    });
    await expect(
      admin.call('changeUser', { params: { userId }, body: { role: 'technician' } }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('lets one of two administrators who demote each other at once win', async () => {
    const second = await add('second-admin', 'admin');
    const other = await server.signIn('second-admin', PASSWORD);
    const me = await admin.call('me');
    const outcomes = await Promise.all([
      admin.send('changeUser', { params: { userId: second.userId }, body: { role: 'senior' } }),
      other.send('changeUser', { params: { userId: me.userId }, body: { role: 'senior' } }),
    ]);
    expect(outcomes.map((outcome) => outcome.status).sort()).toSatisfy(
      ([first, last]: number[]) => first === 200 && [401, 403, 409].includes(last ?? 0),
    );
    const winner = await server.signIn(
      outcomes[0].status === 200 ? 'ada' : 'second-admin',
      outcomes[0].status === 200 ? 'correct horse battery' : PASSWORD,
    );
    if (outcomes[0].status !== 200) {
      await winner.call('changeUser', { params: { userId: me.userId }, body: { role: 'admin' } });
    }
    admin = await server.signIn('ada', 'correct horse battery');
  });

  it('counts the members of teams, and deletes only empty ones', async () => {
    const team = await admin.call('createTeam', { body: { name: 'Blue' } });
    const user = await add('blue-one', 'technician', team.teamId);
    const params = { teamId: team.teamId };
    const { teams } = await admin.call('listTeams');
    expect(teams.find((one) => one.teamId === team.teamId)).toEqual({ ...params, name: 'Blue', members: 1 });
    await expect(admin.call('deleteTeam', { params })).rejects.toMatchObject({ code: 'conflict' });
    await admin.call('changeUser', { params: { userId: user.userId }, body: { teamId: null } });
    await admin.call('deleteTeam', { params });
    await expect(admin.call('deleteTeam', { params })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('refuses two teams of one name, in any case', async () => {
    await admin.call('createTeam', { body: { name: 'Green' } });
    const red = await admin.call('createTeam', { body: { name: 'Red' } });
    await expect(admin.call('createTeam', { body: { name: 'GREEN' } })).rejects.toMatchObject({
      code: 'name-taken' satisfies WireError['code'],
    });
    await expect(
      admin.call('changeTeam', { params: { teamId: red.teamId }, body: { name: 'green' } }),
    ).rejects.toMatchObject({ code: 'name-taken' });
    const renamed = await admin.call('changeTeam', { params: { teamId: red.teamId }, body: { name: 'RED' } });
    expect(renamed.name).toBe('RED');
  });

  it('writes who changed whom, without the password', async () => {
    const user = await add('audited');
    await admin.call('changeUser', {
      params: { userId: user.userId },
      body: { password: 'a very secret one' },
    });
    const { entries } = await admin.call('listAudit', { query: { limit: 500 } });
    const entry = entries.find((one) => one.action === 'user.changed' && one.details.userId === user.userId);
    expect(entry?.details).toEqual({ userId: user.userId, passwordReset: true });
  });

  it('pages through the audit log, newest first', async () => {
    const first = await admin.call('listAudit', { query: { limit: 3 } });
    const before = first.entries.at(-1)?.sequence ?? 0;
    const second = await admin.call('listAudit', { query: { limit: 3, before } });
    const sequences = [...first.entries, ...second.entries].map((entry) => entry.sequence);
    expect(sequences).toEqual([...sequences].sort((a, b) => b - a));
    expect(new Set(sequences).size).toBe(6);
  });

  it('changes settings one by one and keeps them over a restart', async () => {
    await Promise.all([
      admin.call('changeSettings', { body: { companyName: 'Beta Help' } }),
      admin.call('changeSettings', { body: { sessionIdleMinutes: null } }),
      admin.call('changeSettings', { body: { portalInstructions: 'Call us.\nWe are there.' } }),
    ]);
    await server.close();
    server = await startTestServer({ database });
    admin = await server.signIn('ada', 'correct horse battery');
    expect(await admin.call('getSettings')).toMatchObject({
      companyName: 'Beta Help',
      sessionIdleMinutes: null,
      portalInstructions: 'Call us.\nWe are there.',
      loginIdleMinutes: 12 * 60,
    });
  });
});
