import { type ApiName, apiRoutes, type consoleToServer, type Role } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newInstaller } from '../support/new-installer.ts';
import { BROWSER_KEY } from './support/browser-key.ts';
import { type FakeConsole, openConsole } from './support/fake-console.ts';
import { refusalOf } from './support/inbox.ts';
import { qualityReport } from './support/quality-report.ts';
import { type Controlled, type Person, type Stage, setStage } from './support/stage.ts';

const SOME_ID = '00000000-0000-4000-8000-000000000001';
type Who = Role | 'nobody';
const EVERYBODY: Who[] = ['nobody', 'technician', 'senior', 'admin'];

/**
 * What each role gets from each route, tried on a private session, account or team of somebody else. `ok`: not
 * refused for who they are. Routes of one's own account and of the portal are open to their own caller.
 */
const EXPECTED: Record<ApiName, Partial<Record<Who, 401 | 403 | 'ok'>> & { rest: 401 | 403 | 'ok' }> = {
  setUp: { nobody: 'ok', rest: 'ok' },
  signIn: { nobody: 'ok', rest: 'ok' },
  signOut: { rest: 'ok' },
  signOutEverywhere: { rest: 'ok' },
  me: { rest: 'ok' },
  changePassword: { rest: 'ok' },
  changePreferences: { rest: 'ok' },
  listLogins: { rest: 'ok' },
  endLogin: { rest: 'ok' },
  createLaunchTicket: { rest: 'ok' },
  portalConfig: { nobody: 'ok', rest: 'ok' },
  redeemCode: { nobody: 'ok', rest: 'ok' },
  issueCode: { nobody: 'ok', rest: 'ok' },
  exchangeCode: { nobody: 'ok', rest: 'ok' },
  exchangeKnock: { nobody: 'ok', rest: 'ok' },
  listSessions: { rest: 'ok' },
  createSession: { rest: 'ok' },
  claimCode: { rest: 'ok' },
  getSession: { rest: 403, admin: 'ok' },
  claimSession: { rest: 403 },
  changeSession: { rest: 403, admin: 'ok' },
  cancelSession: { rest: 403, admin: 'ok' },
  endSession: { rest: 403, admin: 'ok' },
  answerKnock: { rest: 403, admin: 'ok' },
  offerTransfer: { rest: 403, admin: 'ok' },
  answerTransfer: { rest: 403, admin: 'ok' },
  transferChoices: { rest: 403, admin: 'ok' },
  sessionQuality: { rest: 403, admin: 'ok' },
  sessionAudit: { rest: 403, admin: 'ok' },
  listUsers: { rest: 'ok' },
  createUser: { rest: 403, admin: 'ok' },
  changeUser: { rest: 403, admin: 'ok' },
  disableUser: { rest: 403, admin: 'ok' },
  enableUser: { rest: 403, admin: 'ok' },
  listTeams: { rest: 'ok' },
  createTeam: { rest: 403, admin: 'ok' },
  changeTeam: { rest: 403, admin: 'ok' },
  deleteTeam: { rest: 403, admin: 'ok' },
  getSettings: { rest: 403, admin: 'ok' },
  changeSettings: { rest: 403, admin: 'ok' },
  listAudit: { rest: 403, admin: 'ok' },
  // Of machines that do not exist everybody is told the same; `machines` tests try real ones.
  listMachines: { rest: 'ok' },
  countMachines: { rest: 'ok' },
  suggestLabels: { rest: 'ok' },
  findMachine: { rest: 'ok' },
  getMachine: { rest: 'ok' },
  changeMachine: { rest: 'ok' },
  flagMachine: { rest: 'ok' },
  getThumbnail: { rest: 'ok' },
  putThumbnail: { rest: 'ok' },
  deleteThumbnail: { rest: 'ok' },
  wakeMachine: { rest: 'ok' },
  connectMachine: { rest: 'ok' },
  machineSessions: { rest: 'ok' },
  changeMachines: { rest: 'ok' },
  listFilters: { rest: 'ok' },
  createFilter: { rest: 'ok' },
  changeFilter: { rest: 'ok' },
  deleteFilter: { rest: 'ok' },
  listCompanies: { rest: 'ok' },
  createCompany: { rest: 403, admin: 'ok' },
  changeCompany: { rest: 403, admin: 'ok' },
  deleteCompany: { rest: 403, admin: 'ok' },
  createSite: { rest: 'ok' },
  changeSite: { rest: 'ok' },
  deleteSite: { rest: 'ok' },
  listInstallers: { rest: 'ok' },
  createInstaller: { rest: 'ok' },
  revokeInstaller: { rest: 'ok' },
  enrolMachine: { nobody: 'ok', rest: 'ok' },
  getReleases: { rest: 'ok' },
  revealInstaller: { rest: 'ok' },
  installerMachines: { rest: 'ok' },
  mailInstaller: { rest: 'ok' },
  getUpdates: { rest: 403, admin: 'ok' },
  retryUpdates: { rest: 403, admin: 'ok' },
  commandMachine: { rest: 'ok' },
  listCommands: { rest: 'ok' },
  cancelCommand: { rest: 'ok' },
  listSupportRequests: { rest: 'ok' },
  closeSupportRequest: { rest: 'ok' },
  // Without a machine's signature.
  agentUpdate: { rest: 401 },
  agentUpdateReport: { rest: 401 },
  requestSupport: { rest: 401 },
  checkIn: { rest: 401 },
  nameWays: { rest: 401 },
};

/** Routes that would end the login the table is tried with; their own tests try them. */
const ENDS_LOGIN: ApiName[] = ['signOut', 'signOutEverywhere', 'endLogin', 'changePassword'];

const MACHINE = { hostname: 'h', user: 'u', os: 'linux', osName: 'o', agentVersion: '1', elevated: false };
/** Bodies that pass the schema, so that nothing but the permission can refuse. */
const BODIES: Partial<Record<ApiName, object>> = {
  signIn: { username: 'nobody', password: 'wrong password' },
  changePreferences: { theme: 'dark' },
  createLaunchTicket: { path: '/support' },
  redeemCode: { code: '000000' },
  issueCode: {},
  exchangeCode: { code: '000000', machine: MACHINE },
  exchangeKnock: { knockToken: 'A'.repeat(43) },
  createSession: {},
  claimCode: { code: '000000' },
  changeSession: { name: 'taken over' },
  answerKnock: { admit: true },
  offerTransfer: { to: SOME_ID },
  answerTransfer: { answer: 'accept' },
  createUser: { username: 'x', name: '', role: 'admin' },
  changeUser: { name: 'Renamed' },
  createTeam: { name: 'A team' },
  changeTeam: { name: 'Another name' },
  changeSettings: {},
  createCompany: { name: 'A company' },
  changeCompany: {},
  createSite: { name: 'A site' },
  changeSite: { name: 'A site' },
  changeMachine: {},
  flagMachine: { note: 'look' },
  connectMachine: {},
  changeMachines: { machineIds: [SOME_ID], change: { kind: 'remove' } },
  mailInstaller: { to: 'ann@example.com', note: '', kind: 'exe' },
  retryUpdates: { machineIds: [] },
  commandMachine: { kind: 'normal' },
  agentUpdateReport: {
    toVersion: '1',
    manifestSha256: '0'.repeat(64),
    outcome: 'updated',
    reason: '',
  },
  requestSupport: { message: 'Help', user: 'ann' },
  createInstaller: newInstaller(SOME_ID),
};

/** Every request that a console can make about a session, with the code it must be refused with. */
const EVENTS: Record<keyof typeof consoleToServer, { about: 'session' | 'peer' | 'nothing' }> = {
  'sessions:watch': { about: 'nothing' },
  'session:join': { about: 'session' },
  'session:leave': { about: 'session' },
  'control:take': { about: 'session' },
  'control:release': { about: 'session' },
  'session:pause': { about: 'session' },
  'session:resume': { about: 'session' },
  'machines:watch': { about: 'nothing' },
  'peer:request': { about: 'session' },
  'peer:answer': { about: 'peer' },
  'peer:candidate': { about: 'peer' },
  'peer:close': { about: 'peer' },
  'quality:report': { about: 'peer' },
};

describe('what everybody may do with what is not theirs', () => {
  let stage: Stage;
  let theirs: Controlled;
  let victim: Person;
  const callers = new Map<Who, Person['client']>();

  beforeAll(async () => {
    stage = await setStage();
    victim = await stage.hire('victim', 'technician');
    theirs = await stage.control(victim, { session: { visibility: 'private' } });
    callers.set('nobody', stage.server.browser());
    callers.set('technician', (await stage.hire('otto', 'technician')).client);
    callers.set('senior', (await stage.hire('sina', 'senior')).client);
    callers.set('admin', stage.admin.client);
  });
  afterAll(() => stage.close());

  const routes = Object.keys(apiRoutes) as ApiName[];
  const cases = routes
    .filter((name) => !ENDS_LOGIN.includes(name))
    // What an administrator may do would end the session the others are tried on.
    .flatMap((name) => EVERYBODY.map((who) => ({ name, who })))
    .filter(
      ({ name, who }) => !(who === 'admin' && ['endSession', 'cancelSession', 'disableUser'].includes(name)),
    );

  it.each(cases)('$name as $who', async ({ name, who }) => {
    const row = EXPECTED[name];
    const expected = row[who] ?? (who === 'nobody' ? 401 : row.rest);
    const ids = {
      sessionId: theirs.session.id,
      knockId: SOME_ID,
      userId: victim.userId,
      teamId: SOME_ID,
      loginId: SOME_ID,
      machineId: SOME_ID,
      companyId: SOME_ID,
      siteId: SOME_ID,
      installerId: SOME_ID,
      filterId: SOME_ID,
      commandId: SOME_ID,
      requestId: SOME_ID,
    };
    const answer = await callers.get(who)?.send(name, { params: ids, body: BODIES[name] });
    const status = answer?.status ?? 0;
    if (expected === 'ok') expect([401, 403]).not.toContain(name === 'signIn' ? 200 : status);
    else expect(status).toBe(expected);
  });

  it.each(['technician', 'senior'] as const)(
    'tells a %s the same of a session that does not exist',
    async (who) => {
      const client = callers.get(who);
      const existing = await client?.send('getSession', { params: { sessionId: theirs.session.id } });
      const invented = await client?.send('getSession', { params: { sessionId: SOME_ID } });
      expect([invented?.status, invented?.body]).toEqual([existing?.status, existing?.body]);
      expect(existing?.status).toBe(403);
    },
  );

  describe.each(['technician', 'senior'] as const)('on the sockets, a %s', (who) => {
    let page: FakeConsole;
    beforeAll(async () => {
      page = await openConsole(callers.get(who) ?? stage.server.browser());
    });
    afterAll(() => page.close());

    it('is shown nothing of it', async () => {
      const { sessions } = await page.ask('sessions:watch', {});
      expect(sessions.map((one) => one.id)).not.toContain(theirs.session.id);
    });

    const events = Object.entries(EVENTS).filter(([, { about }]) => about !== 'nothing');
    it.each(events)('is refused %s', async (name, { about }) => {
      const payload =
        about === 'session'
          ? { sessionId: theirs.session.id, wants: 'view', browserKey: BROWSER_KEY }
          : { ...qualityReport(theirs.peerId), sdp: 'x', candidate: { candidate: 'x', mid: '0' } };
      const reply = await page.socket.timeout(5_000).emitWithAck(name, payload);
      expect(reply).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
    });

    it('has not reached the agent with any of that', async () => {
      expect(theirs.agent.peers.has(theirs.peerId)).toBe(true);
      expect(theirs.agent.inbox.all('peer:cut')).toEqual([]);
      expect(theirs.agent.inbox.all('peer:candidate')).toEqual([]);
    });
  });

  it('shows a colleague a company session without its code, knocks and control', async () => {
    const { client } = await stage.hire('carl', 'technician');
    const open = await stage.attend(victim, { session: { visibility: 'company' } });
    const seen = await client.call('getSession', { params: { sessionId: open.session.id } });
    expect(seen).toMatchObject({ code: null, knocks: [] });
    expect(seen.rights).toEqual({
      view: true,
      control: false,
      claim: false,
      admit: false,
      cancel: false,
      end: false,
      transfer: false,
    });
    const page = await openConsole(client);
    const sessionId = open.session.id;
    expect(await refusalOf(page.ask('session:join', { sessionId, wants: 'control' }))).toBe('not-allowed');
    expect(await refusalOf(page.ask('control:take', { sessionId }))).toBe('not-allowed');
    page.close();
  });

  it('lets only those assign sessions or waive consent who may', async () => {
    const technician = callers.get('technician');
    const senior = callers.get('senior');
    const create = (client: Person['client'] | undefined, body: object) =>
      client?.send('createSession', { body });
    expect((await create(technician, { assignTo: null }))?.status).toBe(403);
    expect((await create(technician, { assignTo: victim.userId }))?.status).toBe(403);
    expect((await create(technician, { consentRequired: false }))?.status).toBe(403);
    expect((await create(senior, { assignTo: victim.userId }))?.body).toMatchObject({
      owner: { userId: victim.userId },
    });
    expect((await create(senior, { assignTo: SOME_ID }))?.status).toBe(404);
    expect((await create(senior, { consentRequired: false }))?.status).toBe(403);
    expect((await create(stage.admin.client, { consentRequired: false }))?.body).toMatchObject({
      consentRequired: false,
    });
  });

  it('gives a first-come session to one of those who take it at once', async () => {
    const { client } = await stage.hire('fred', 'technician');
    const session = await stage.admin.client.call('createSession', { body: { assignTo: null } });
    const params = { sessionId: session.id };
    const technician = callers.get('technician');
    const answers = await Promise.all([
      client.send('claimSession', { params }),
      technician?.send('claimSession', { params }),
    ]);
    const statuses = answers.map((answer) => answer?.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect([403, 409]).toContain(statuses.find((status) => status !== 200));
  });
});
