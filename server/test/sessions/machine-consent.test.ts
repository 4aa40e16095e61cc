import type { ConsentPolicy } from '@guruconnect/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConsole } from './support/fake-console.ts';
import { refusalOf } from './support/inbox.ts';
import { lookAt, type MachineStage, type OpenedSession, setMachineStage } from './support/machine-stage.ts';
import type { Person } from './support/stage.ts';

const ASK = (otherwise: 'allow' | 'refuse', timeoutSeconds = 30): ConsentPolicy => ({
  kind: 'ask',
  timeoutSeconds,
  otherwise,
});

describe('the question at a machine', () => {
  let stage: MachineStage;
  let tess: Person;
  let count = 0;

  beforeAll(async () => {
    // Questions of 5 seconds, the shortest there are, are answered by the server a moment after.
    stage = await setMachineStage({ tuning: { machines: { consentGraceMs: 500, sweepMs: 100 } } });
    tess = await stage.hire('tess', 'technician');
  });
  afterAll(() => stage.close());

  async function openUnder(consent: ConsentPolicy): Promise<OpenedSession & { machineId: string }> {
    count += 1;
    const machineId = await stage.addMachine(await stage.addCompany(`Company ${count}`, { consent }));
    return { ...(await stage.open(tess, machineId, { visibility: 'company' })), machineId };
  }

  async function ask({ console, session, agent }: OpenedSession, wants: 'view' | 'control' = 'control') {
    const { participantId } = await console.ask('session:join', { sessionId: session.id, wants });
    const view = await agent.inbox.next('session:changed', (one) =>
      one.participants.some(({ id, grant }) => id === participantId && grant.status === 'asked'),
    );
    return { participantId, view };
  }

  const answersOf = async (sessionId: string) => {
    const { entries } = await tess.client.call('sessionAudit', { params: { sessionId } });
    return entries.filter((one) => one.action === 'consent.answered');
  };

  it('is not asked where the company never wants it', async () => {
    const opened = await openUnder({ kind: 'never' });
    const { session } = await opened.console.ask('session:join', {
      sessionId: opened.session.id,
      wants: 'control',
    });
    expect(session.participants[0]?.grant).toMatchObject({ status: 'allowed', capability: 'control' });
  });

  it('is asked with its time and default, which the agent may say when time is over', async () => {
    const opened = await openUnder(ASK('allow', 45));
    const { participantId, view } = await ask(opened);
    expect(view).toMatchObject({
      consentRequired: true,
      consentTimeout: { seconds: 45, otherwise: 'allow' },
      guestPanelOpen: false,
    });
    await opened.agent.ask('consent:answer', { participantId, answer: 'control', byTimeout: true });
    expect(await answersOf(opened.session.id)).toMatchObject([
      { details: { answer: 'control', byTimeout: true, at: 'machine' } },
    ]);
  });

  it.each([
    ['a refusal where the default is to allow', ASK('allow'), 'refuse'],
    ['less than was asked for', ASK('allow'), 'view'],
    ['an allowance where the default is to refuse', ASK('refuse'), 'control'],
    ['anything where it is asked for as long as it takes', { kind: 'always' }, 'control'],
  ] as const)('takes no %s for an answer by time', async (_what, policy, answer) => {
    const opened = await openUnder(policy);
    const { participantId } = await ask(opened);
    const said = opened.agent.ask('consent:answer', { participantId, answer, byTimeout: true });
    expect(await refusalOf(said)).toBe('not-allowed');
    expect(await answersOf(opened.session.id)).toEqual([]);
    // Somebody who is there may say what they like.
    await opened.agent.ask('consent:answer', { participantId, answer: 'view' });
  });

  it('keeps the policy that its session began with', async () => {
    const machineId = await stage.addMachine(await stage.addCompany('Changing', { consent: ASK('refuse') }));
    const opened = await stage.open(tess, machineId);
    const companies = await stage.admin.client.call('listCompanies');
    const company = companies.companies.find((one) => one.name === 'Changing');
    await stage.changeCompany(company?.companyId ?? '', { consent: { kind: 'never' } });
    const { view } = await ask(opened);
    expect(view.consentTimeout).toEqual({ seconds: 30, otherwise: 'refuse' });
  });

  it('waits without limit where it is always asked', async () => {
    const opened = await openUnder({ kind: 'always' });
    const { view } = await ask(opened);
    expect(view).toMatchObject({ consentRequired: true, consentTimeout: null });
  });

  it.each([
    ['allow', { status: 'allowed', capability: 'view' }],
    ['refuse', { status: 'refused' }],
  ] as const)(
    'is answered by the server where the agent does not: %s',
    async (otherwise, grant) => {
      const opened = await openUnder(ASK(otherwise, 5));
      const { participantId } = await ask(opened, 'view');
      const askedAt = Date.now();
      const view = await opened.console.inbox.next(
        'session:changed',
        (one) => one.participants[0]?.grant.status === grant.status,
        15_000,
      );
      expect(Date.now() - askedAt).toBeGreaterThan(5_000);
      expect(view.participants[0]?.grant).toMatchObject(grant);
      expect(await answersOf(opened.session.id)).toMatchObject([
        { actor: 'server', details: { participantId, byTimeout: true } },
      ]);
    },
    20_000,
  );

  it('is asked of a second technician as well', async () => {
    const opened = await openUnder(ASK('allow'));
    await lookAt(opened, opened.console);
    const otto = await stage.hire('otto', 'technician');
    const page = await openConsole(otto.client);
    const { participantId, session } = await page.ask('session:join', {
      sessionId: opened.session.id,
      wants: 'view',
    });
    expect(session.participants.find((one) => one.id === participantId)?.grant.status).toBe('asked');
    page.close();
  });
});
