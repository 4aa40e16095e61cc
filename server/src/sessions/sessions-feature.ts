import { GRANT_RENEWAL_MS } from '@guruconnect/shared';
import type { Server as SocketServer } from 'socket.io';
import type { CreateSessionsFeature, SessionsFeatureDeps } from '../core/features.ts';
import { iceServersFor } from '../core/ice-servers.ts';
import type { MachineSessions } from '../core/machine-ports.ts';
import { openNamespace } from '../realtime/open-namespace.ts';
import { CodeEntry } from './code-entry.ts';
import { CodeGate, type CodeGateOptions } from './gate/code-gate.ts';
import { IssueBudget, type IssueBudgetOptions } from './gate/issue-budget.ts';
import { Puzzles } from './gate/puzzles.ts';
import { UserTryBudget } from './gate/user-try-budget.ts';
import { machineSessionHandlers } from './http/machine-session-handlers.ts';
import { portalHandlers } from './http/portal-handlers.ts';
import { sessionHandlers } from './http/session-handlers.ts';
import { KnockDesk } from './knock-desk.ts';
import { Audience } from './live/audience.ts';
import { Background } from './live/background.ts';
import { MemoryFanout } from './live/fanout.ts';
import { OnlinePeople } from './live/online-people.ts';
import { MemoryPresence } from './live/session-presence.ts';
import { SocketMessengers } from './live/socket-messengers.ts';
import { LoginWatch } from './login-watch.ts';
import { LostAgents } from './lost-agents.ts';
import { HostStarter } from './machines/host-starter.ts';
import { MachineActivityIndex } from './machines/machine-activity-index.ts';
import { MachineConnector } from './machines/machine-connector.ts';
import { MachineScope } from './machines/machine-scope.ts';
import { machineSessionsPort } from './machines/machine-sessions-port.ts';
import { MACHINE_TIMINGS, type MachineTimings } from './machines/machine-timings.ts';
import { ScopeWatch } from './machines/scope-watch.ts';
import { UnattendedSweeper } from './machines/unattended-sweeper.ts';
import { Participation } from './participation.ts';
import { GrantSigner } from './peers/grant-signer.ts';
import { PeerBroker } from './peers/peer-broker.ts';
import { PeerRelay } from './peers/peer-relay.ts';
import { Reservations } from './peers/reservations.ts';
import { QualityDesk } from './quality/quality-desk.ts';
import { QualityStore } from './quality/quality-store.ts';
import { SessionAccess } from './session-access.ts';
import { SessionChanges } from './session-changes.ts';
import { SessionCreator } from './session-creator.ts';
import { SessionEnder } from './session-ender.ts';
import { SessionOwner } from './session-owner.ts';
import type { SessionParts } from './session-parts.ts';
import { createRecorder, type Recorder } from './session-recorder.ts';
import { SessionSweeper } from './session-sweeper.ts';
import { AgentLinks } from './sockets/agent-links.ts';
import { agentNamespace } from './sockets/agent-namespace.ts';
import { consoleNamespace } from './sockets/console-namespace.ts';
import { guestNamespace } from './sockets/guest-namespace.ts';
import { CodeStore } from './store/code-store.ts';
import { KnockStore } from './store/knock-store.ts';
import { MachineSessionStore } from './store/machine-session-store.ts';
import { PeerStore } from './store/peer-store.ts';
import { SessionStore } from './store/session-store.ts';
import { TechnicianStore } from './store/technician-store.ts';
import { TokenStore } from './store/token-store.ts';
import { Strangers } from './strangers.ts';
import { StaleOffers } from './transfer/stale-offers.ts';
import { TransferDesk } from './transfer/transfer-desk.ts';
import { SnapshotReader } from './views/session-snapshot.ts';

/** What tests may set tighter or wider. */
export interface SessionsTuning {
  readonly gate?: Partial<CodeGateOptions>;
  readonly issue?: Partial<IssueBudgetOptions>;
  readonly machines?: Partial<MachineTimings>;
}

/** Name of the key that makes puzzles unforgeable. */
const PUZZLE_KEY = 'puzzles';

/** Builds everything about remote sessions: codes, guests, agents, technicians' sockets. */
export const createSessionsFeature: CreateSessionsFeature = (deps) => createTunedSessions(deps);

/** {@link createSessionsFeature} with other budgets. */
export function createTunedSessions(
  deps: SessionsFeatureDeps,
  tuning: SessionsTuning = {},
): ReturnType<CreateSessionsFeature> {
  const state = { isClosing: false };
  const { parts, messengers, machineSessions, stops } = build(deps, tuning, () => state.isClosing);
  const record = (event: Parameters<SessionParts['record']>[0]) =>
    parts.background.run('recording a refusal', () => parts.record(event));
  return {
    handlers: { ...portalHandlers(parts), ...sessionHandlers(parts), ...machineSessionHandlers(parts) },
    machineSessions,
    attach: (io: SocketServer) => {
      messengers.attach(io);
      parts.background.run('reading sessions on machines', async () => {
        for (const row of await parts.machineSessions.listActive()) {
          // Somebody may have lost the right to it while this server was stopping.
          await parts.strangers.sendAway(row, 'server');
          parts.fanout.sessionChanged(row.id);
        }
      });
      const common = { io, clock: deps.clock, log: deps.log, record, addressOf: deps.addressOf };
      openNamespace({ ...common, ...consoleNamespace(parts) });
      openNamespace({ ...common, ...guestNamespace(parts) });
      openNamespace({ ...common, ...agentNamespace(parts) });
    },
    close: async () => {
      state.isClosing = true;
      for (const stop of stops) stop();
      await parts.background.idle();
    },
  };
}

interface Built {
  readonly parts: SessionParts;
  readonly messengers: SocketMessengers;
  readonly machineSessions: MachineSessions;
  /** To be called in any order when the server closes. */
  readonly stops: readonly (() => void)[];
}

function build(deps: SessionsFeatureDeps, tuning: SessionsTuning, isClosing: () => boolean): Built {
  const { clock, log, audit, logins, people, settings } = deps;
  const stores = createStores(deps);
  const { sessions, knocks, tokens, codes } = stores;
  const scope = new MachineScope({ ...deps, ...stores });
  const live = createLive(deps);
  const { background, fanout, presence } = live;
  const record = createRecorder({ audit, log });
  const changes = new SessionChanges({ store: sessions, fanout, record });
  const timings = { ...MACHINE_TIMINGS, ...tuning.machines };
  const common = { ...deps, ...stores, ...live, record, changes, scope, timings };
  const access = new SessionAccess({ store: sessions, people, scope });
  const reservations = new Reservations(common);
  const { relay, broker, signer } = createPeerParts(common, access, reservations);
  changes.onCommitted((row) => broker.reconcile(row));
  const { gate, issueBudget } = createBudgets(common, tuning);
  const snapshots = new SnapshotReader({ codes, knocks, people, scope, settings });
  const links = new AgentLinks({
    clock,
    markActive: (sessionId, at) =>
      background.run('noting use', () => sessions.markActive(sessionId, Math.floor(at))),
  });
  const lostAgents = new LostAgents({ clock, changes, presence });
  const ender = new SessionEnder(common);
  const desk = new KnockDesk(common);
  const activity = new MachineActivityIndex(common);
  const audience = new Audience({ ...common, snapshots, activity });
  const strangers = new Strangers({ ...common, access, broker });
  const watch = new LoginWatch({ ...common, broker, strangers });
  const transfers = new TransferDesk({ ...common, access, reservations, strangers });
  const staleOffers = new StaleOffers({ ...common, transfers });
  const starter = new HostStarter(common);
  const scopeWatch = new ScopeWatch({ ...common, activity, strangers });
  const unattended = new UnattendedSweeper({ ...common, starter, ender });
  const lastInputAt = (sessionId: string) => links.lastInputAt(sessionId);
  const sweeper = new SessionSweeper({ ...common, ender, desk, gate, lostAgents, lastInputAt });
  const stopRenewing = clock.every(GRANT_RENEWAL_MS, () =>
    background.run('renewing grants', () => broker.renewAll()),
  );
  const parts: SessionParts = {
    ...live,
    clock,
    auditReader: audit,
    logins,
    people,
    settings,
    releases: deps.releases,
    sessions,
    tokens,
    snapshots,
    access,
    scope,
    starter,
    connector: new MachineConnector({ ...common, access, starter }),
    machineSessions: stores.machineSessions,
    machineAudience: deps.machineAudience,
    changes,
    creator: new SessionCreator(common),
    owner: new SessionOwner({ ...common, access, strangers, tries: new UserTryBudget(clock) }),
    strangers,
    transfers,
    ender,
    entry: new CodeEntry({ ...common, gate }),
    issueBudget,
    desk,
    participation: new Participation({ clock, changes, reservations }),
    broker,
    relay,
    quality: new QualityDesk(common),
    signer,
    links,
    lostAgents,
    audience,
    record,
    endedLogins: watch.ended,
    isClosing,
  };
  const closing = [sweeper, links, watch, audience, starter, scopeWatch, unattended, staleOffers];
  const stops = [stopRenewing, ...closing.map((one) => () => one.close())];
  const machineSessions = machineSessionsPort({ ...common, activity, ender, access });
  return { parts, messengers: live.agents, machineSessions, stops };
}

function createStores({ db }: SessionsFeatureDeps) {
  return {
    sessions: new SessionStore(db),
    codes: new CodeStore(db),
    tokens: new TokenStore(db),
    knocks: new KnockStore(db),
    peers: new PeerStore(db),
    machineSessions: new MachineSessionStore(db),
    technicians: new TechnicianStore(db),
    quality: new QualityStore(db),
  };
}

/** What lives in this process only: who is connected, and how to reach them. */
function createLive({ log }: SessionsFeatureDeps) {
  const messengers = new SocketMessengers();
  return {
    presence: new MemoryPresence(),
    online: new OnlinePeople(),
    fanout: new MemoryFanout(),
    background: new Background(log),
    agents: messengers,
    consoles: messengers,
    guests: messengers,
  };
}

type Common = SessionsFeatureDeps &
  ReturnType<typeof createStores> &
  ReturnType<typeof createLive> & { readonly record: Recorder };

function createPeerParts(common: Common, access: SessionAccess, reservations: Reservations) {
  const { clock, keys, config } = common;
  const signer = new GrantSigner(keys);
  const relay = new PeerRelay(common);
  const iceServers = (peerId: string) => iceServersFor(config, peerId, clock.now());
  const broker = new PeerBroker({ ...common, access, reservations, signer, relay, iceServers });
  return { signer, relay, broker };
}

function createBudgets({ clock, keys, log, background, record }: Common, tuning: SessionsTuning) {
  const key = () => keys.secret(PUZZLE_KEY);
  const gate = new CodeGate({
    clock,
    puzzles: new Puzzles({ clock, key, purpose: 'code' }),
    ...(tuning.gate ? { options: tuning.gate } : {}),
    onMode: (mode, previous, misses) => {
      log.warn({ mode, previous, misses }, 'codes are being guessed, or no more');
      const details = { mode, previous, missesWithinTheHour: misses };
      background.run('recording an alarm', () =>
        record({ actor: 'server', action: 'code-guessing.mode-changed', details }),
      );
    },
  });
  const issueBudget = new IssueBudget({
    clock,
    puzzles: new Puzzles({ clock, key, purpose: 'issue' }),
    ...(tuning.issue ? { options: tuning.issue } : {}),
  });
  return { gate, issueBudget };
}
