import { GuruError } from '@guruconnect/shared';
import type { WindowsServiceConfig } from '../command-line.ts';
import { trusted } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import { createLog } from '../core/log.ts';
import type { Launcher } from '../launcher/launcher.ts';
import { LauncherPerson } from '../launcher/launcher-person.ts';
import { readWindowsMachineInfo } from '../machine/windows-machine-info.ts';
import { AlwaysOnPresence } from '../presence/always-on-presence.ts';
import type { Presence } from '../presence/presence.ts';
import { TicketStore } from '../presence/ticket-store.ts';
import { logPerson } from '../service/log-person.ts';
import { SessionRunner } from '../service/session-runner.ts';
import { SESSION_IS_OVER } from '../session/end-text.ts';
import { tellInAll } from '../session/people.ts';
import { IdentityStore, type MachineIdentity } from '../state/machine-identity.ts';
import { StateFolder } from '../state/state-folder.ts';
import { createChildHosts } from '../supervise/child-host.ts';
import { onStopSignal } from '../terminal/stop-signal.ts';
import { AGENT_VERSION } from '../version.ts';
import type { WindowsApi } from '../windows/windows-api.ts';
import { pipeLine } from './pipe-line.ts';

export interface WindowsSessionDeps {
  readonly launcher: Launcher;
  readonly windows: WindowsApi;
  /** The script of the session host's process. */
  readonly hostEntry: string;
  readonly writeLog: (line: string) => void;
  readonly exit: (code: number) => void;
}

/** So that whoever started this sees that the session is to go on, in another process on another desktop. */
const MOVED_EXIT_CODE = 75;

/** The one session that the service program started this for; resolves with the exit code when it is over. */
export async function runWindowsSession(
  config: WindowsServiceConfig,
  deps: WindowsSessionDeps,
): Promise<number> {
  const { launcher, exit, writeLog } = deps;
  const log = createLog(config.logLevel, writeLog, systemClock.now);
  const enrolled = await new IdentityStore(new StateFolder(config.stateDir)).load();
  if (!enrolled) throw GuruError.invalid('This computer is not enrolled yet.');
  const stopping = new AbortController();
  const runner = createRunner(config, deps, enrolled, log);
  const presence = createPresence(config, deps, enrolled, runner, log);
  const stop = async () => {
    stopping.abort();
    await runner.close();
  };
  onStopSignal({ stop, exit, log });
  launcher.on('stop', () => void stop());
  launcher.on('quit', () => void stop());
  launcher.gone.addEventListener('abort', () => void stop(), { once: true });
  // This process stays in its Windows session. Its children see it go and let the desktop be; the ticket is kept.
  launcher.on('desktop-changed', () => exit(MOVED_EXIT_CODE));
  launcher.tell({ type: 'ready' });
  // Timers of ours do not keep the process alive.
  const alive = setInterval(() => {}, 60_000);
  await runner.run(untilOver(presence, stopping), stopping.signal);
  clearInterval(alive);
  await presence.close();
  launcher.tell({ type: 'over', outcome: 'ended', text: SESSION_IS_OVER });
  await launcher.close();
  return 0;
}

/** One process a session: when it is over and no other one waits, there is nothing left to do. */
function untilOver(presence: AlwaysOnPresence, stopping: AbortController): Presence {
  const over = () => {
    if (!presence.isCalled) stopping.abort();
  };
  return {
    next: (signal) => presence.next(signal),
    ended: (ticket) => presence.ended(ticket).then(over),
    refused: (ticket) => presence.refused(ticket).then(over),
  };
}

type Log = ReturnType<typeof createLog>;

function createRunner(
  config: WindowsServiceConfig,
  { launcher, windows, hostEntry }: WindowsSessionDeps,
  { origin, ca, enrolment }: MachineIdentity,
  log: Log,
): SessionRunner {
  const { proxies, bindAddress, stateDir, logLevel, panelProgram, encoder } = config;
  const clock = systemClock;
  return new SessionRunner({
    clock,
    log,
    openHost: createChildHosts({ entry: hostEntry, clock, log }),
    prepare: async () => {
      const { user } = windows.consoleLogon();
      return {
        settings: {
          origin,
          ca: ca === null ? undefined : trusted(ca),
          proxies,
          bindAddress,
          stateDir,
          logLevel,
          panelProgram,
          encoder,
          windows: config.windows,
          display: '',
          ctrlAltDelete: 'service',
          isSomebodyThere: user !== '',
        },
        machine: { ...readWindowsMachineInfo(windows, AGENT_VERSION), user },
      };
    },
    newPerson: () =>
      tellInAll([
        logPerson(log),
        new LauncherPerson({
          tell: (message) => launcher.tell(message),
          companyName: enrolment.companyName,
        }),
      ]),
    onSecureAttention: () => launcher.tell({ type: 'sas' }),
  });
}

function createPresence(
  { stateDir }: WindowsServiceConfig,
  { launcher }: WindowsSessionDeps,
  { origin, enrolment }: MachineIdentity,
  runner: SessionRunner,
  log: Log,
): AlwaysOnPresence {
  const { machineId, serverPublicKey, companyName } = enrolment;
  return new AlwaysOnPresence({
    openLine: (listener) => pipeLine(launcher, listener),
    store: new TicketStore({ dir: stateDir, origin, code: machineId }),
    server: () => ({ serverPublicKey, companyName }),
    log,
    events: {
      onOnline: () => {},
      onCheckIn: () => {},
      onStop: (sessionId) => runner.stop(sessionId),
      onReplaced: (ticket) => runner.replace(ticket),
    },
  });
}
