import { randomUUID } from 'node:crypto';
import type { Capability, CompanyAccess, ConsentPolicy, SessionView } from '@guruconnect/shared';
import { eq } from 'drizzle-orm';
import type { SessionsFeatureDeps } from '../../../src/core/features.ts';
import type { MachineFeed, Machines } from '../../../src/core/machine-ports.ts';
import { machines } from '../../../src/db/schema/machines.ts';
import { BROWSER_KEY } from './browser-key.ts';
import { type FakeAgent, type FakeAgentOptions, MACHINE, startAgent } from './fake-agent.ts';
import { type FakeConsole, openConsole } from './fake-console.ts';
import { createFakeLines, type FakeLines } from './fake-lines.ts';
import { type Person, type Stage, type StageOptions, setStage } from './stage.ts';

/** A stage with companies and machines, whose lines the test holds in its hands. */
export interface MachineStage extends Stage {
  readonly lines: FakeLines;
  readonly feed: MachineFeed;
  readonly db: SessionsFeatureDeps['db'];
  addCompany(name: string, change?: CompanyChange): Promise<string>;
  changeCompany(companyId: string, change: CompanyChange): Promise<void>;
  /** An enrolled machine; online unless told otherwise. */
  addMachine(companyId: string, options?: { online?: boolean; removed?: boolean }): Promise<string>;
  /** A session of the person on the machine, whose agent has attached. */
  open(who: Person, machineId: string, options?: OpenOptions): Promise<OpenedSession>;
}

export interface CompanyChange {
  readonly access?: CompanyAccess;
  readonly assignedUserIds?: string[];
  readonly assignedTeamIds?: string[];
  readonly consent?: ConsentPolicy;
}

export interface OpenOptions {
  readonly visibility?: SessionView['visibility'];
  readonly agent?: FakeAgentOptions;
  readonly reconnect?: boolean;
}

export interface OpenedSession {
  readonly session: SessionView;
  readonly agent: FakeAgent;
  readonly token: string;
  readonly console: FakeConsole;
}

export type MachineStageOptions = Omit<StageOptions, 'adapt'> & { readonly lines?: FakeLines };

export async function setMachineStage(options: MachineStageOptions = {}): Promise<MachineStage> {
  const lines = options.lines ?? createFakeLines();
  const held: { deps?: SessionsFeatureDeps } = {};
  const stage = await setStage({
    ...options,
    adapt: (deps) => {
      held.deps = { ...deps, lines, machines: machinesOf(deps) };
      return held.deps;
    },
  });
  const { deps } = held;
  if (!deps) throw new Error('The server was built without sessions.');
  const closers: (() => void)[] = [];
  const machineStage: MachineStage = {
    ...stage,
    lines,
    feed: deps.machineFeed,
    db: deps.db,
    addCompany: async (name, change) => {
      const { companyId } = await stage.admin.client.call('createCompany', { body: { name } });
      if (change) await machineStage.changeCompany(companyId, change);
      return companyId;
    },
    changeCompany: async (companyId, body) => {
      await stage.admin.client.call('changeCompany', { params: { companyId }, body });
    },
    addMachine: async (companyId, { online = true, removed = false } = {}) => {
      const machineId = randomUUID();
      await deps.db.insert(machines).values(machineRow(machineId, companyId, removed));
      if (online) lines.comeOnline(machineId);
      return machineId;
    },
    open: async (who, machineId, openOptions = {}) => {
      const opened = await open(machineStage, who, machineId, openOptions);
      closers.push(opened.console.close, opened.agent.close);
      return opened;
    },
    stop: async () => {
      for (const close of closers) close();
      await stage.stop();
    },
    close: async () => {
      for (const close of closers) close();
      await stage.close();
    },
  };
  return machineStage;
}

async function open(
  stage: MachineStage,
  who: Person,
  machineId: string,
  { visibility, agent: agentOptions, reconnect = false }: OpenOptions,
): Promise<OpenedSession> {
  const before = stage.lines.calls.filter((one) => one.machineId === machineId).length;
  const session = await who.client.call('connectMachine', {
    params: { machineId },
    body: visibility ? { visibility } : {},
  });
  const { token } = await stage.lines.nextCall(machineId, before);
  const console = await openConsole(who.client, { reconnect });
  await console.ask('sessions:watch', {});
  const agent = await startAgent(stage.url, token, { reconnect, ...agentOptions });
  return { session, agent, token, console };
}

/** Joins and connects a viewer; where consent is asked for, the agent says yes. */
export async function lookAt(
  { session, agent }: Pick<OpenedSession, 'session' | 'agent'>,
  console: FakeConsole,
  wants: Capability = 'control',
): Promise<{ participantId: string; peerId: string }> {
  const sessionId = session.id;
  const { participantId, session: joined } = await console.ask('session:join', { sessionId, wants });
  const grant = joined.participants.find((one) => one.id === participantId)?.grant;
  if (grant?.status === 'asked') await agent.ask('consent:answer', { participantId, answer: wants });
  return { participantId, peerId: await connectViewer(session, console) };
}

/** A peer of somebody who takes part already. */
export async function connectViewer(session: { id: string }, console: FakeConsole): Promise<string> {
  const { peerId } = await console.ask('peer:request', { sessionId: session.id, browserKey: BROWSER_KEY });
  await console.inbox.next('peer:offer', (offer) => offer.peerId === peerId);
  console.tell('peer:answer', { peerId, sdp: 'answer' });
  await console.inbox.next('session:changed', (view) => view.participants.some((one) => one.connected));
  return peerId;
}

function machinesOf({ db, machines: real }: SessionsFeatureDeps): Machines {
  return {
    ...real,
    find: async (machineId) => {
      const [row] = await db.select().from(machines).where(eq(machines.id, machineId));
      if (!row) return undefined;
      const { publicKey, companyId, removedAt, name, hostname } = row;
      return {
        machineId,
        name: name === '' ? hostname : name,
        publicKey,
        companyId,
        isRemoved: removedAt !== null,
        info: { ...MACHINE, hostname },
      };
    },
  };
}

function machineRow(id: string, companyId: string, removed: boolean): typeof machines.$inferInsert {
  const now = Date.now();
  return {
    id,
    publicKey: id,
    hardwareId: '',
    version: 1,
    companyId,
    name: 'Front desk',
    department: '',
    deviceType: '',
    tags: [],
    notes: '',
    properties: {},
    hostname: MACHINE.hostname,
    osFamily: 'linux',
    osName: 'Debian 12',
    osBuild: '',
    manufacturer: '',
    model: '',
    serial: '',
    serviceTag: '',
    agentVersion: '0.1.0',
    loggedOnUser: '',
    internalIps: [],
    macs: [],
    externalIp: '',
    lastRequestMs: 0,
    online: false,
    firstSeenAt: now,
    removedAt: removed ? now : null,
  };
}
