import { type ApiBody, type ApiName, apiRoutes } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { type Stage, setStage } from '../sessions/support/stage.ts';
import type { ApiClient, RawInput } from '../support/api-client.ts';
import { newInstaller } from '../support/new-installer.ts';
import { enrolMachine, makeInstaller } from './support/enrol-machine.ts';
import { picture } from './support/pictures.ts';

/** Everybody who differs in what they may do with the machines of one company. */
const WHO = [
  'nobody',
  'technician assigned',
  'technician not assigned',
  'technician of an assigned team',
  'technician of another team',
  'senior',
  'admin',
] as const;
type Who = (typeof WHO)[number];
/** The company's access: with `everyone` assignments do not matter. */
const ACCESS = ['assigned', 'everyone'] as const;
type Access = (typeof ACCESS)[number];

/** `ok`, or the status of the refusal: 401 unknown, 403 may not, 404 as if it did not exist. */
type Outcome = 'ok' | 401 | 403 | 404;

/** What those who are shown the machine get, by role; whoever is not shown it gets 404, nobody 401. */
interface Row {
  readonly route: ApiName;
  readonly input: (it: Prey) => RawInput;
  readonly technician: 'ok' | 403;
  /** 403 where the route asks something that is not about this company. */
  readonly hidden?: 403 | 404;
  readonly senior?: 403;
  /** Once it was done, there is nothing to do it to again. */
  readonly spoils?: true;
}

interface Prey {
  readonly machineId: string;
  readonly companyId: string;
  readonly siteId: string;
  readonly installerId: string;
  /** A command for the machine that is over. */
  readonly commandId: string;
  /** Somebody at the machine asks for help. */
  readonly requestId: string;
  /** A company that everybody sees. */
  readonly openCompanyId: string;
}

const bulk = (it: Prey, change: ApiBody<'changeMachines'>['change']): RawInput => ({
  body: { machineIds: [it.machineId], change },
});
const machine = ({ machineId }: Pick<Prey, 'machineId'>) => ({ params: { machineId } });

const ROWS: Record<string, Row> = {
  'see a machine': { route: 'getMachine', input: machine, technician: 'ok' },
  'see its sessions': { route: 'machineSessions', input: machine, technician: 'ok' },
  // It is offline and nobody is near: refused for that, once it is not for who asks.
  'connect to it': {
    route: 'connectMachine',
    input: (it) => ({ ...machine(it), body: {} }),
    technician: 'ok',
  },
  'wake it': { route: 'wakeMachine', input: machine, technician: 'ok' },
  // It is restarted once, and has not answered when the others ask.
  'restart it': {
    route: 'commandMachine',
    input: (it) => ({ ...machine(it), body: { kind: 'normal' } }),
    technician: 'ok',
  },
  'see its commands': { route: 'listCommands', input: machine, technician: 'ok' },
  'take back a command': {
    route: 'cancelCommand',
    input: (it) => ({ params: { commandId: it.commandId } }),
    technician: 'ok',
  },
  'close a request for help': {
    route: 'closeSupportRequest',
    input: (it) => ({ params: { requestId: it.requestId } }),
    spoils: true,
    technician: 'ok',
  },
  // No pictures are kept as long as nobody wants them: refused for that. `thumbnails` tests see one.
  'give a picture of its screen': {
    route: 'putThumbnail',
    input: (it) => ({ ...machine(it), body: picture('lossy.webp') }),
    technician: 'ok',
  },
  'erase the picture of its screen': { route: 'deleteThumbnail', input: machine, technician: 'ok' },
  'rename it': {
    route: 'changeMachine',
    input: (it) => ({ ...machine(it), body: { name: 'Renamed' } }),
    technician: 'ok',
  },
  'change nothing of it': {
    route: 'changeMachine',
    input: (it) => ({ ...machine(it), body: {} }),
    technician: 'ok',
  },
  'flag it': {
    route: 'flagMachine',
    input: (it) => ({ ...machine(it), body: { note: 'look' } }),
    technician: 'ok',
  },
  'take its flag off': {
    route: 'flagMachine',
    input: (it) => ({ ...machine(it), body: { note: null } }),
    technician: 'ok',
  },
  'tag it among many': {
    route: 'changeMachines',
    input: (it) => bulk(it, { kind: 'add-tag', tag: 'x' }),
    technician: 'ok',
  },
  'untag it among many': {
    route: 'changeMachines',
    input: (it) => bulk(it, { kind: 'remove-tag', tag: 'x' }),
    technician: 'ok',
  },
  'flag it among many': {
    route: 'changeMachines',
    input: (it) => bulk(it, { kind: 'flag', note: 'look' }),
    technician: 'ok',
  },
  'unflag it among many': {
    route: 'changeMachines',
    input: (it) => bulk(it, { kind: 'unflag' }),
    technician: 'ok',
  },
  'move it away': {
    route: 'changeMachines',
    input: (it) => bulk(it, { kind: 'move', companyId: it.openCompanyId, siteId: null }),
    spoils: true,
    technician: 403,
  },
  'move it within': {
    route: 'changeMachines',
    input: (it) => bulk(it, { kind: 'move', companyId: it.companyId, siteId: it.siteId }),
    technician: 403,
  },
  'remove it': {
    route: 'changeMachines',
    input: (it) => bulk(it, { kind: 'remove' }),
    technician: 403,
  },
  'bring it back': {
    route: 'changeMachines',
    input: (it) => bulk(it, { kind: 'restore' }),
    technician: 403,
  },
  'add a site': {
    route: 'createSite',
    input: (it) => ({ params: { companyId: it.companyId }, body: { name: `New ${Math.random()}` } }),
    technician: 403,
  },
  'rename a site': {
    route: 'changeSite',
    input: (it) => ({ params: { siteId: it.siteId }, body: { name: 'Renamed' } }),
    spoils: true,
    technician: 403,
  },
  'delete a site': {
    route: 'deleteSite',
    input: (it) => ({ params: { siteId: it.siteId } }),
    spoils: true,
    technician: 403,
  },
  'make an installer': {
    route: 'createInstaller',
    input: (it) => ({ body: newInstaller(it.companyId) }),
    technician: 403,
  },
  'revoke an installer': {
    route: 'revokeInstaller',
    input: (it) => ({ params: { installerId: it.installerId } }),
    spoils: true,
    technician: 403,
  },
  'change the company': {
    route: 'changeCompany',
    input: (it) => ({ params: { companyId: it.companyId }, body: { name: 'Renamed' } }),
    technician: 403,
    senior: 403,
    hidden: 403,
  },
  'give oneself the company': {
    route: 'changeCompany',
    input: (it) => ({ params: { companyId: it.companyId }, body: { access: 'everyone' } }),
    spoils: true,
    technician: 403,
    senior: 403,
    hidden: 403,
  },
};

function isHiddenFrom(who: Who, access: Access): boolean {
  return access === 'assigned' && (who === 'technician not assigned' || who === 'technician of another team');
}

function outcomeOf(row: Row, who: Who, access: Access): Outcome {
  if (who === 'nobody') return 401;
  if (who === 'admin') return 'ok';
  if (who === 'senior') return row.senior ?? 'ok';
  if (isHiddenFrom(who, access)) return row.hidden ?? 404;
  return row.technician;
}

describe('who may do what with machines, companies and installers', () => {
  let stage: Stage;
  let admin: ApiClient;
  let assigned: { userIds: string[]; teamIds: string[] };
  const clients = new Map<Who, ApiClient>();
  let prey: Prey;
  let preys = 0;

  beforeAll(async () => {
    stage = await setStage();
    admin = stage.admin.client;
    const team = await admin.call('createTeam', { body: { name: 'Assigned' } });
    const other = await admin.call('createTeam', { body: { name: 'Other' } });
    const tessa = await stage.hire('tessa', 'technician');
    assigned = { userIds: [tessa.userId], teamIds: [team.teamId] };
    clients.set('nobody', stage.server.browser());
    clients.set('technician assigned', tessa.client);
    clients.set('technician not assigned', (await stage.hire('nora', 'technician')).client);
    clients.set(
      'technician of an assigned team',
      (await stage.hire('tim', 'technician', team.teamId)).client,
    );
    clients.set('technician of another team', (await stage.hire('otto', 'technician', other.teamId)).client);
    clients.set('senior', (await stage.hire('sina', 'senior', other.teamId)).client);
    clients.set('admin', admin);
  });
  afterAll(() => stage.close());

  describe.each(ACCESS)('in a company open to %s', (access) => {
    beforeAll(async () => {
      prey = await makePrey(access);
    });

    it.each(Object.entries(ROWS))('%s', async (_what, row) => {
      const outcomes = WHO.map((who) => ({ who, expected: outcomeOf(row, who, access) }));
      const before = await snapshot();
      for (const { who, expected } of outcomes.filter((one) => one.expected !== 'ok')) {
        const answer = await clients.get(who)?.send(row.route, row.input(prey));
        expect(answer?.status, who).toBe(expected);
        if (expected === 404) await expectsSameAsNothing(who, row, answer);
      }
      expect(await snapshot()).toEqual(before);
      for (const { who } of outcomes.filter((one) => one.expected === 'ok')) {
        const answer = await clients.get(who)?.send(row.route, row.input(prey));
        // 409: the machine is offline, or was removed by the one before.
        expect([200, 409], `${who}: ${JSON.stringify(answer?.body)}`).toContain(answer?.status);
        if (row.spoils) prey = await makePrey(access);
        else await admin.send('changeMachines', bulk(prey, { kind: 'restore' }));
      }
    });

    it.each(WHO)('shows lists to %s as far as they are in scope', async (who) => {
      if (who === 'nobody') return;
      const client = clients.get(who) ?? admin;
      const isHidden = isHiddenFrom(who, access);
      const { companies } = await client.call('listCompanies');
      expect(companies.some((one) => one.companyId === prey.companyId)).toBe(!isHidden);
      const { installers } = await client.call('listInstallers');
      const mayList = who === 'senior' || who === 'admin';
      expect(installers.some((one) => one.installerId === prey.installerId)).toBe(mayList);
      const { requests } = await client.call('listSupportRequests', { query: {} });
      expect(requests.some((one) => one.requestId === prey.requestId)).toBe(!isHidden);
      if (isHidden) return;
      const { rights, installer } = await client.call('getMachine', machine(prey));
      const everybody = { connect: true, wake: true, command: true, edit: true };
      expect(rights).toEqual({ ...everybody, move: mayList, remove: mayList });
      expect(installer !== null).toBe(mayList);
    });

    it('hides a removed machine from those who could not bring it back', async () => {
      await admin.call('changeMachines', {
        body: { machineIds: [prey.machineId], change: { kind: 'remove' } },
      });
      for (const who of WHO) {
        const answer = await clients.get(who)?.send('getMachine', machine(prey));
        const mayRestore = who === 'senior' || who === 'admin';
        expect(answer?.status, who).toBe(who === 'nobody' ? 401 : mayRestore ? 200 : 404);
        const edit = await clients.get(who)?.send('changeMachine', { ...machine(prey), body: { name: 'x' } });
        expect(edit?.status, who).toBe(who === 'nobody' ? 401 : mayRestore ? 409 : 404);
      }
      await admin.call('changeMachines', {
        body: { machineIds: [prey.machineId], change: { kind: 'restore' } },
      });
    });

    it('changes none of many when one of them is hidden or not allowed', async () => {
      const { token } = await makeInstaller(admin, { companyId: prey.openCompanyId });
      const mine = await enrolMachine(stage.url, token);
      const machineIds = [mine.machineId, prey.machineId];
      const client = clients.get('technician not assigned');
      const change = { kind: 'add-tag', tag: 'theirs' } as const;
      const answer = await client?.send('changeMachines', { body: { machineIds, change } });
      expect(answer?.status).toBe(access === 'assigned' ? 404 : 200);
      const { row } = await admin.call('getMachine', { params: { machineId: mine.machineId } });
      expect(row.tags).toEqual(access === 'assigned' ? [] : ['theirs']);
    });

    it('moves nothing into a company that is hidden', async () => {
      const { token } = await makeInstaller(admin, { companyId: prey.openCompanyId });
      const mine = await enrolMachine(stage.url, token);
      const client = clients.get('technician not assigned');
      const move = (companyId: string) =>
        client?.send('changeMachines', {
          body: { machineIds: [mine.machineId], change: { kind: 'move', companyId, siteId: null } },
        });
      const [hidden, invented] = [await move(prey.companyId), await move(crypto.randomUUID())];
      expect(hidden?.status).toBe(403);
      expect(hidden?.body).toEqual(invented?.body);
    });
  });

  async function makePrey(access: Access): Promise<Prey> {
    preys += 1;
    const { companyId, installerId, token } = await makeInstaller(admin, {
      company: `Of ${access} ${preys}`,
      site: 'Office',
    });
    const enrolled = await enrolMachine(stage.url, token, { hostname: 'SECRET-PC' });
    const { machineId } = enrolled;
    const asked = await enrolled.send(enrolled.signed('requestSupport', { message: 'Help', user: 'ann' }));
    const { requestId } = z.parse(apiRoutes.requestSupport.reply, asked.body);
    const { commandId } = await admin.call('commandMachine', {
      ...machine({ machineId }),
      body: { kind: 'normal' },
    });
    await admin.call('cancelCommand', { params: { commandId } });
    await admin.call('changeCompany', {
      params: { companyId },
      body: { access, assignedUserIds: assigned.userIds, assignedTeamIds: assigned.teamIds },
    });
    const { companyId: openCompanyId } = await admin.call('createCompany', {
      body: { name: `Open ${preys}` },
    });
    const { row } = await admin.call('getMachine', { params: { machineId } });
    const siteId = row.site?.siteId ?? '';
    return { machineId, companyId, siteId, installerId, commandId, requestId, openCompanyId };
  }

  /** What an administrator sees of everything that could have been changed. */
  async function snapshot() {
    const { companies } = await admin.call('listCompanies');
    const { installers } = await admin.call('listInstallers');
    const details = await admin.call('getMachine', machine(prey));
    return { companies, installers, details };
  }

  /** Whoever is not shown something gets the very answer of what never existed. */
  async function expectsSameAsNothing(
    who: Who,
    row: Row,
    answer: { status: number; body: unknown } | undefined,
  ) {
    const nothing = {
      machineId: crypto.randomUUID(),
      companyId: crypto.randomUUID(),
      siteId: crypto.randomUUID(),
      installerId: crypto.randomUUID(),
      commandId: crypto.randomUUID(),
      requestId: crypto.randomUUID(),
      openCompanyId: prey.openCompanyId,
    };
    const invented = await clients.get(who)?.send(row.route, row.input(nothing));
    expect([answer?.status, answer?.body]).toEqual([invented?.status, invented?.body]);
    expect(JSON.stringify(answer?.body)).not.toMatch(/SECRET-PC|Of assigned/);
  }
});
