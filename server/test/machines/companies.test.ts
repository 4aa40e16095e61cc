import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalOf } from '../sessions/support/inbox.ts';
import { type Person, type Stage, setStage } from '../sessions/support/stage.ts';
import { DATABASE_KINDS } from '../support/test-databases.ts';

const SOME_ID = '00000000-0000-4000-8000-000000000001';

describe.each(DATABASE_KINDS)('companies on $name', (kind) => {
  let stage: Stage;
  let admin: Person['client'];
  let technician: Person;

  beforeAll(async () => {
    stage = await setStage({ kind });
    admin = stage.admin.client;
    technician = await stage.hire('tessa', 'technician');
  });
  afterAll(() => stage.close());

  const namesSeenBy = async (client: Person['client']) =>
    (await client.call('listCompanies')).companies.map((company) => company.name);

  it('begin open to everyone, asking for consent, without sites and machines', async () => {
    const company = await admin.call('createCompany', { body: { name: 'Glazier & Sons' } });
    expect(company).toMatchObject({
      name: 'Glazier & Sons',
      access: 'everyone',
      consent: { kind: 'ask' },
      machines: 0,
      sites: [],
    });
    expect(await namesSeenBy(technician.client)).toContain('Glazier & Sons');
  });

  it('have names of their own, in any case', async () => {
    const { companyId } = await admin.call('createCompany', { body: { name: 'Unique' } });
    const again = admin.call('createCompany', { body: { name: 'UNIQUE' } });
    expect(await refusalOf(again)).toBe('name-taken');
    const params = { companyId };
    expect((await admin.call('changeCompany', { params, body: { name: 'unique' } })).name).toBe('unique');
    const taken = admin.call('changeCompany', { params, body: { name: 'glazier & sons' } });
    expect(await refusalOf(taken)).toBe('name-taken');
  });

  it('vanish at once for technicians who are not assigned, and come back for those who are', async () => {
    const { companyId } = await admin.call('createCompany', { body: { name: 'Secret' } });
    const params = { companyId };
    await admin.call('changeCompany', { params, body: { access: 'assigned' } });
    expect(await namesSeenBy(technician.client)).not.toContain('Secret');
    expect(await namesSeenBy((await stage.hire('sina', 'senior')).client)).toContain('Secret');
    const body = { assignedUserIds: [technician.userId] };
    expect(await admin.call('changeCompany', { params, body })).toMatchObject(body);
    expect(await namesSeenBy(technician.client)).toContain('Secret');
    await admin.call('changeCompany', { params, body: { assignedUserIds: [] } });
    expect(await namesSeenBy(technician.client)).not.toContain('Secret');
  });

  it('are reached by assigned teams, until the team is deleted', async () => {
    const { teamId } = await admin.call('createTeam', { body: { name: 'Field' } });
    const member = await stage.hire('fiona', 'technician', teamId);
    const { companyId } = await admin.call('createCompany', { body: { name: 'By team' } });
    const params = { companyId };
    await admin.call('changeCompany', { params, body: { access: 'assigned', assignedTeamIds: [teamId] } });
    expect(await namesSeenBy(member.client)).toContain('By team');
    expect(await namesSeenBy(technician.client)).not.toContain('By team');
    await admin.call('changeUser', { params: { userId: member.userId }, body: { teamId: null } });
    await admin.call('deleteTeam', { params: { teamId } });
    const { companies } = await admin.call('listCompanies');
    expect(companies.find((one) => one.companyId === companyId)?.assignedTeamIds).toEqual([]);
  });

  it('are not assigned to people and teams that do not exist, and stay as they were', async () => {
    const { companyId } = await admin.call('createCompany', { body: { name: 'Steady' } });
    const change = (body: object) => admin.send('changeCompany', { params: { companyId }, body });
    expect((await change({ name: 'Gone', assignedUserIds: [SOME_ID] })).status).toBe(404);
    expect((await change({ name: 'Gone', assignedTeamIds: [SOME_ID] })).status).toBe(404);
    expect((await change({ consent: { kind: 'ask', timeoutSeconds: 1, otherwise: 'allow' } })).status).toBe(
      400,
    );
    expect(await namesSeenBy(admin)).toContain('Steady');
  });

  it('write down what changed, with old and new', async () => {
    const { companyId } = await admin.call('createCompany', { body: { name: 'Before' } });
    const consent = { kind: 'never' as const };
    await admin.call('changeCompany', { params: { companyId }, body: { name: 'After', consent } });
    const { entries } = await admin.call('listAudit', { query: { limit: 20 } });
    const entry = entries.find((one) => one.action === 'company.changed');
    expect(entry?.details).toMatchObject({
      companyId,
      changes: { name: { from: 'Before', to: 'After' }, consent: { to: consent } },
    });
    expect(Object.keys(Object(entry?.details.changes)).sort()).toEqual(['consent', 'name']);
  });

  it('have sites with names of their own, which are renamed and deleted', async () => {
    const { companyId } = await admin.call('createCompany', { body: { name: 'With sites' } });
    const params = { companyId };
    const site = await admin.call('createSite', { params, body: { name: 'Head office' } });
    await admin.call('createSite', { params, body: { name: 'Annex 10' } });
    await admin.call('createSite', { params, body: { name: 'annex 9' } });
    const again = admin.call('createSite', { params, body: { name: 'HEAD OFFICE' } });
    expect(await refusalOf(again)).toBe('name-taken');
    const siteParams = { siteId: site.siteId };
    await admin.call('changeSite', { params: siteParams, body: { name: 'Headquarters' } });
    const taken = admin.call('changeSite', { params: siteParams, body: { name: 'Annex 9' } });
    expect(await refusalOf(taken)).toBe('name-taken');
    const { companies } = await technician.client.call('listCompanies');
    const seen = companies.find((one) => one.companyId === companyId);
    expect(seen?.sites.map((one) => one.name)).toEqual(['annex 9', 'Annex 10', 'Headquarters']);
    await admin.call('deleteSite', { params: siteParams });
    expect(await refusalOf(admin.call('deleteSite', { params: siteParams }))).toBe('not-found');
  });

  it('go with their sites when they have no machines, and are still gone after a restart', async () => {
    const { companyId } = await admin.call('createCompany', { body: { name: 'Short-lived' } });
    await admin.call('createSite', { params: { companyId }, body: { name: 'Room' } });
    await admin.call('deleteCompany', { params: { companyId } });
    expect(await refusalOf(admin.call('deleteCompany', { params: { companyId } }))).toBe('not-found');
    expect(await namesSeenBy(admin)).not.toContain('Short-lived');
    const before = await admin.call('listCompanies');
    await stage.stop();
    stage = await setStage({ database: stage.database });
    admin = stage.admin.client;
    technician = { ...technician, client: await stage.signInAgain(technician) };
    expect(await admin.call('listCompanies')).toEqual(before);
    expect(await namesSeenBy(technician.client)).not.toContain('Secret');
  });
});
