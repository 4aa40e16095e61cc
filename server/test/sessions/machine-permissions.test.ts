import type { Visibility } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_KEY } from './support/browser-key.ts';
import { type FakeConsole, openConsole } from './support/fake-console.ts';
import { type MachineStage, type OpenedSession, setMachineStage } from './support/machine-stage.ts';
import type { Person } from './support/stage.ts';

type Who = 'owner' | 'mate' | 'stranger' | 'outsider' | 'senior' | 'admin';

/** What each column tries; every try that is let through leaves the session as it was. */
const TRIES = [
  'see',
  'view',
  'control',
  'peer',
  'change',
  'audit',
  'choices',
  'offer',
  'connect',
  'history',
] as const;
type Try = (typeof TRIES)[number];

const ALL: readonly Try[] = TRIES;
const LOOK: readonly Try[] = ['see', 'view', 'peer', 'connect', 'history'];
const LEAD: readonly Try[] = [...LOOK, 'control', 'choices', 'offer'];
const NOTHING: readonly Try[] = [];

/** What each person may do with a session on a machine by its visibility: private, team, company. */
const TABLE: Record<Who, Record<Visibility, readonly Try[]>> = {
  owner: { private: ALL, team: ALL, company: ALL },
  mate: { private: NOTHING, team: LOOK, company: LOOK },
  stranger: { private: NOTHING, team: NOTHING, company: LOOK },
  // Of the owner's team, but not assigned to the machine's company.
  outsider: { private: NOTHING, team: NOTHING, company: NOTHING },
  senior: { private: NOTHING, team: LEAD, company: LEAD },
  admin: { private: ALL, team: ALL, company: ALL },
};

describe('what everybody may do with a session on a machine', () => {
  let stage: MachineStage;
  const people = new Map<Who, { person: Person; page: FakeConsole }>();
  const opened = new Map<Visibility, { machineId: string; session: OpenedSession }>();

  beforeAll(async () => {
    stage = await setMachineStage();
    const red = (await stage.admin.client.call('createTeam', { body: { name: 'Red' } })).teamId;
    const blue = (await stage.admin.client.call('createTeam', { body: { name: 'Blue' } })).teamId;
    const hired: [Who, Person][] = [
      ['owner', await stage.hire('owner', 'technician', red)],
      ['mate', await stage.hire('mate', 'technician', red)],
      ['stranger', await stage.hire('stranger', 'technician', blue)],
      ['outsider', await stage.hire('outsider', 'technician', red)],
      ['senior', await stage.hire('senior', 'senior', red)],
      ['admin', stage.admin],
    ];
    for (const [who, person] of hired) people.set(who, { person, page: await openConsole(person.client) });
    const assigned = ['owner', 'mate', 'stranger'] as const;
    const companyId = await stage.addCompany('Glazier', {
      access: 'assigned',
      assignedUserIds: assigned.map((who) => of(who).person.userId),
      consent: { kind: 'never' },
    });
    for (const visibility of ['private', 'team', 'company'] as const) {
      const machineId = await stage.addMachine(companyId);
      const session = await stage.open(of('owner').person, machineId, { visibility });
      opened.set(visibility, { machineId, session });
    }
  });
  afterAll(async () => {
    for (const { page } of people.values()) page.close();
    await stage.close();
  });

  function of(who: Who) {
    const found = people.get(who);
    if (!found) throw new Error(`${who} was not hired`);
    return found;
  }

  async function isLetThrough(who: Who, visibility: Visibility, what: Try): Promise<boolean> {
    const { person, page } = of(who);
    const { machineId, session } = opened.get(visibility) ?? { machineId: '', session: undefined };
    const sessionId = session?.session.id ?? '';
    const send = async (name: Parameters<Person['client']['send']>[0], body?: object) =>
      person.client.send(name, { params: { sessionId, machineId }, ...(body ? { body } : {}) });
    const ask = async (name: string, more: object) => {
      const reply = await page.socket.timeout(5_000).emitWithAck(name, { sessionId, ...more });
      if (reply.ok) await page.socket.timeout(5_000).emitWithAck('session:leave', { sessionId });
      return reply.ok === true;
    };
    switch (what) {
      case 'see':
        return (await send('getSession')).status === 200;
      case 'view':
        return ask('session:join', { wants: 'view' });
      case 'control':
        return ask('session:join', { wants: 'control' });
      case 'peer':
        return ask('peer:request', { browserKey: BROWSER_KEY, warm: true });
      case 'change':
        return (await send('changeSession', { name: 'Front desk' })).status === 200;
      case 'audit':
        return (await send('sessionAudit')).status === 200;
      case 'choices':
        return (await send('transferChoices')).status === 200;
      case 'offer':
        // To somebody who does not exist: only who may offer at all learns that.
        return (await send('offerTransfer', { to: '00000000-0000-4000-8000-000000000001' })).status === 404;
      case 'connect': {
        const answer = await send('connectMachine', {});
        return answer.status === 200;
      }
      case 'history': {
        const answer = await send('machineSessions');
        return answer.status === 200 && JSON.stringify(answer.body).includes(sessionId);
      }
    }
  }

  const cases = (Object.keys(TABLE) as Who[]).flatMap((who) =>
    (['private', 'team', 'company'] as const).map((visibility) => ({ who, visibility })),
  );
  it.each(cases)('$who, $visibility', async ({ who, visibility }) => {
    // Somebody else stays in it, so that it does not end with those who try.
    const { session } = opened.get(visibility) ?? {};
    if (!session) throw new Error('there is no session');
    const keeper = who === 'owner' ? 'admin' : 'owner';
    await of(keeper).page.ask('session:join', { sessionId: session.session.id, wants: 'view' });
    const through: Try[] = [];
    for (const what of TRIES) if (await isLetThrough(who, visibility, what)) through.push(what);
    expect(through).toEqual(TRIES.filter((what) => TABLE[who][visibility].includes(what)));
  });

  it('tells outsiders of a session that is offered to them nothing either, for it cannot be', async () => {
    const { session } = opened.get('company') ?? {};
    const answer = await of('owner').person.client.send('offerTransfer', {
      params: { sessionId: session?.session.id ?? '' },
      body: { to: of('outsider').person.userId },
    });
    expect(answer.status).toBe(404);
  });
});
