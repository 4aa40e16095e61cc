import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GuruError } from '@guruconnect/shared';
import type { ServiceConfig } from '../command-line.ts';
import { CommandLog } from '../commands/command-log.ts';
import { linuxCommands } from '../commands/linux-commands.ts';
import { MachineCommands } from '../commands/machine-commands.ts';
import { setAuthFile, trusted } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import { createLog, type Log } from '../core/log.ts';
import { MachineFiles } from '../inventory/machine-files.ts';
import { InventoryReader } from '../inventory/read-inventory.ts';
import { LogonReader } from '../logon/logon-reader.ts';
import { readMachineInfo } from '../machine/machine-info.ts';
import { networkAddresses } from '../machine/network-addresses.ts';
import { AlwaysOnPresence } from '../presence/always-on-presence.ts';
import { CheckInLoop } from '../presence/check-in-loop.ts';
import { MachineClient } from '../presence/machine-client.ts';
import { PresenceLine } from '../presence/presence-line.ts';
import { TicketStore } from '../presence/ticket-store.ts';
import { type ProxyRules, proxyFor, proxyName } from '../proxy/proxy-rules.ts';
import { readIdentityKey } from '../secure/identity-key.ts';
import { NetworkWatch } from '../session/network-watch.ts';
import { keepReply } from '../state/keep-reply.ts';
import { KeptProxies } from '../state/kept-proxies.ts';
import { IdentityStore, type MachineIdentity } from '../state/machine-identity.ts';
import { PendingReconfiguration } from '../state/pending-reconfiguration.ts';
import { ServiceStateFile } from '../state/service-state.ts';
import { StateFolder } from '../state/state-folder.ts';
import { createChildHosts } from '../supervise/child-host.ts';
import { onStopSignal } from '../terminal/stop-signal.ts';
import { AGENT_VERSION } from '../version.ts';
import { createWaker } from '../wake/send-magic-packets.ts';
import { logPerson } from './log-person.ts';
import { OnlineState } from './online-state.ts';
import { SessionRunner } from './session-runner.ts';

/** A look at the addresses costs 0.1 ms; nobody waits for an idle machine as for a session. */
const NETWORK_EVERY_MS = 2_000;
/** Cards come up one after the other. */
const AFTER_NETWORK_MS = 3_000;

export interface ServiceDeps {
  /** The script of the session host's process. */
  readonly hostEntry: string;
  readonly writeLog: (line: string) => void;
}

/** Composition root of the always-on agent; resolves with the exit code when it was told to stop. */
export async function runService(
  config: ServiceConfig,
  { hostEntry, writeLog }: ServiceDeps,
): Promise<number> {
  const log = createLog(config.logLevel, writeLog, systemClock.now);
  const folder = new StateFolder(config.stateDir);
  const identities = new IdentityStore(folder);
  const enrolled = await identities.load();
  if (!enrolled) {
    throw GuruError.invalid(
      'This computer is not enrolled yet: guruconnect-agent --enrol --server URL --token TOKEN',
    );
  }
  const stateFile = new ServiceStateFile(folder);
  const other = await stateFile.read();
  if (other?.isRunning) {
    throw GuruError.conflict(`The service runs already, as process ${other.state.pid}.`);
  }
  const proxies = config.proxies ?? (await new KeptProxies(folder).load());
  const proxy = proxyFor(proxies, new URL(enrolled.origin));
  if (proxy) log.info({ proxy: proxyName(proxy) }, 'the server is reached by a proxy');
  const parts = createParts({ config, log, folder, identities, enrolled, proxies, stateFile, hostEntry });
  return await runUntilStopped(parts, log);
}

type Parts = Awaited<ReturnType<typeof createParts>>;

function createParts(given: {
  config: ServiceConfig;
  log: Log;
  folder: StateFolder;
  identities: IdentityStore;
  enrolled: MachineIdentity;
  proxies: ProxyRules | undefined;
  stateFile: ServiceStateFile;
  hostEntry: string;
}) {
  const { config, log, folder, identities, enrolled, proxies, stateFile, hostEntry } = given;
  const { stateDir, display, authFile, bindAddress, windows, logLevel } = config;
  const { origin, enrolment } = enrolled;
  const ca = enrolled.ca === null ? undefined : trusted(enrolled.ca);
  const { machineId } = enrolment;
  const clock = systemClock;
  const random = Math.random;
  const key = readIdentityKey(enrolled.privateKey);
  const files = new MachineFiles();
  const logon = new LogonReader({ files, display, authFile });
  const reader = new InventoryReader({
    files,
    agentVersion: AGENT_VERSION,
    readLogon: () => logon.status(),
  });
  const online = new OnlineState({ file: stateFile, now: clock.now, log });
  const pending = new PendingReconfiguration(folder);
  const wake = createWaker({ networks: async () => (await reader.read()).networks, log });
  let known = enrolment;
  const commands = new MachineCommands({
    commands: new CommandLog(folder),
    executor: linuxCommands(promisify(execFile)),
    log,
  });
  const checkIns = new CheckInLoop(
    {
      client: new MachineClient({ origin, ca, proxies, machineId, key, clock }),
      readInventory: () => reader.read(),
      readStatus: (inventory) => reader.readStatus(inventory),
      pending,
      commandResults: () => commands.results(),
      onReply: async (reply, told) => {
        const { serverPublicKey } = known;
        known = await keepReply(identities, enrolled, known, reply);
        online.checkedIn();
        await commands.take(reply.commands, { machineId, serverPublicKey, serverTimeMs: reply.serverTime });
        await commands.told(told, reply.serverTime);
        for (const { macs } of reply.wake) void wake(macs);
      },
      agentVersion: AGENT_VERSION,
      clock,
      random,
      log,
    },
    enrolment.checkInSeconds * 1000,
  );
  const runner = new SessionRunner({
    clock,
    log,
    openHost: createChildHosts({ entry: hostEntry, clock, log }),
    prepare: async () => {
      const { user, desktop } = await logon.find();
      const isThere = desktop.kind === 'x11';
      if (!isThere) log.warn({ reason: desktop.reason }, 'the session has nothing to show');
      setAuthFile(isThere ? desktop.authFile : undefined);
      return {
        settings: {
          origin,
          ca,
          proxies,
          bindAddress,
          windows,
          stateDir,
          logLevel,
          display: isThere ? desktop.display : '',
          unattended: { askedDisplay: display, desktop },
        },
        machine: { ...(await readMachineInfo(AGENT_VERSION)), user },
      };
    },
    newPerson: () => logPerson(log),
  });
  const presence = new AlwaysOnPresence({
    openLine: (listener) =>
      new PresenceLine(
        { origin, ca, proxies, machineId, key, version: AGENT_VERSION, clock, random, log },
        listener,
      ),
    store: new TicketStore({ dir: stateDir, origin, code: machineId }),
    server: () => ({ serverPublicKey: known.serverPublicKey, companyName: known.companyName }),
    log,
    events: {
      onOnline: (isOnline, problem) => {
        online.changed(isOnline, problem);
        if (isOnline) checkIns.lineIsUp();
      },
      onCheckIn: (withinMs) => checkIns.soon(withinMs),
      onStop: (sessionId) => runner.stop(sessionId),
      onReplaced: (ticket) => runner.replace(ticket),
    },
  });
  return { clock, presence, checkIns, runner, pending, online };
}

async function runUntilStopped(parts: Parts, log: Log): Promise<number> {
  const { clock, presence, checkIns, runner, pending, online } = parts;
  const stopping = new AbortController();
  const network = new NetworkWatch({
    clock,
    addresses: networkAddresses,
    everyMs: NETWORK_EVERY_MS,
    onChanged: (isLost) => {
      // What went over an address that is gone is dead; a further one helps only where nothing goes.
      if (isLost || !presence.isOnline) presence.networkChanged();
      clock.after(AFTER_NETWORK_MS, () => checkIns.soon(AFTER_NETWORK_MS));
    },
  });
  const unwatch = pending.onAdded(() => checkIns.soon(0));
  onStopSignal({
    exit: (code) => process.exit(code),
    log,
    stop: async () => {
      stopping.abort();
      await Promise.all([presence.close(), runner.close()]);
    },
  });
  // Timers of ours do not keep the process alive, and while the server is down nothing else does.
  const alive = setInterval(() => {}, 60_000);
  log.info({ version: AGENT_VERSION }, 'the service runs');
  await runner.run(presence, stopping.signal);
  unwatch();
  network.close();
  checkIns.close();
  await Promise.all([presence.close(), online.stopped()]);
  clearInterval(alive);
  log.info({}, 'the service has stopped');
  return 0;
}
