import { GuruError, type MachineInfo, type SessionCode } from '@guruconnect/shared';
import type { AgentConfig } from '../command-line.ts';
import { systemClock } from '../core/clock.ts';
import { createLog, describeError, type Log } from '../core/log.ts';
import { createApiClient } from '../presence/api-client.ts';
import { OneTimePresence } from '../presence/one-time-presence.ts';
import type { SessionTicket } from '../presence/presence.ts';
import { TicketStore } from '../presence/ticket-store.ts';
import { createChildHosts } from '../supervise/child-host.ts';
import { SupervisedSession } from '../supervise/supervised-session.ts';
import { onStopSignal } from '../terminal/stop-signal.ts';
import type { OneTimeFront } from './one-time-front.ts';

const KEEPS_FAILING =
  'The session keeps failing on this computer and cannot go on. Start the app again to try once more, or ask for another code.';
const AGAIN_MS = 3_000;

export interface OneTimeDeps {
  readonly config: AgentConfig;
  readonly front: OneTimeFront;
  readonly readMachine: () => Promise<MachineInfo>;
  /** The script of the session host's process. */
  readonly hostEntry: string;
  readonly writeLog: (line: string) => void;
  readonly exit: (code: number) => void;
}

/** Runs sessions until there are none left; resolves with the exit code. Rejects with a GuruError for people. */
export async function runOneTime(deps: OneTimeDeps): Promise<number> {
  try {
    await runSessions(deps);
    await deps.front.over('ended', '');
    return 0;
  } catch (error) {
    await deps.front.over(error === STOPPED ? 'ended' : 'failed', sentenceOf(error));
    return 1;
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof GuruError ? error.message : `Something went wrong: ${describeError(error)}`;
}

const STOPPED = new GuruError('unavailable', 'Stopped.');

async function runSessions(deps: OneTimeDeps): Promise<void> {
  const { config, front, readMachine, writeLog, exit } = deps;
  const log = createLog(config.logLevel, writeLog, systemClock.now);
  const stopping = new AbortController();
  const machine = await readMachine();
  let stop = async () => stopping.abort(STOPPED);
  onStopSignal({ stop: () => stop(), exit, log });
  front.onStop(() => void stop());
  let code = config.code ?? (await front.askCode(stopping.signal));
  let presence = createPresence(config, front, code, machine);
  // Timers of ours do not keep the process alive; the session does.
  const alive = setInterval(() => {}, 60_000);
  for (;;) {
    const next = await nextTicket({ config, front, machine, code, presence }, stopping.signal);
    if (!next) break;
    ({ code, presence } = next);
    const { ticket } = next;
    front.begins(ticket.companyName);
    const session = createSession(deps, log, machine, ticket);
    stop = () => session.stop('agent-stopped');
    if (stopping.signal.aborted) void stop();
    const outcome = await session.outcome;
    if (outcome === 'failed') throw new GuruError('internal', KEEPS_FAILING);
    await (outcome === 'refused' ? presence.refused() : presence.ended());
  }
  clearInterval(alive);
}

interface Asking {
  readonly config: AgentConfig;
  readonly front: OneTimeFront;
  readonly machine: MachineInfo;
  readonly code: SessionCode;
  readonly presence: OneTimePresence;
}

/** The next session's ticket, with another code where the person gave one; undefined when there is no next one. */
async function nextTicket(asking: Asking, signal: AbortSignal) {
  const { config, front, machine } = asking;
  let { code, presence } = asking;
  for (;;) {
    try {
      const ticket = await presence.next(signal);
      return ticket && { ticket, code, presence };
    } catch (error) {
      if (signal.aborted || !(error instanceof GuruError)) throw error;
      if (error.code === 'unavailable') {
        if (!front.unreachable(error.message)) throw error;
        await pause(AGAIN_MS, signal);
        continue;
      }
      if (error.code !== 'code-not-valid' && error.code !== 'too-many-requests') throw error;
      const another = await front.askAnotherCode(error.message, signal);
      if (another === undefined) throw error;
      code = another;
      presence = createPresence(config, front, code, machine);
    }
  }
}

function createPresence(
  { origin, ca, proxies, stateDir }: AgentConfig,
  front: OneTimeFront,
  code: SessionCode,
  machine: MachineInfo,
): OneTimePresence {
  return new OneTimePresence({
    api: createApiClient({ origin, ca, proxies }),
    store: new TicketStore({ dir: stateDir, origin, code }),
    machine,
    code,
    clock: { after: keepAliveAfter },
    events: { onWaiting: () => front.waiting(), onPuzzle: () => front.puzzle() },
  });
}

function createSession(
  { config, front, hostEntry }: OneTimeDeps,
  log: Log,
  machine: MachineInfo,
  ticket: SessionTicket,
): SupervisedSession {
  const { origin, ca, proxies, display, bindAddress, stateDir, windows, logLevel, panelProgram, encoder } =
    config;
  return new SupervisedSession(
    {
      clock: systemClock,
      log,
      openHost: createChildHosts({ entry: hostEntry, clock: systemClock, log }),
      settings: {
        origin,
        ca,
        proxies,
        display,
        bindAddress,
        windows,
        stateDir,
        logLevel,
        panelProgram,
        encoder,
        ...(machine.os === 'windows' ? { ctrlAltDelete: machine.elevated ? 'service' : 'nobody' } : {}),
      },
      machine,
      person: (session) => front.newPerson(session, ticket.companyName),
      onCrash: () => front.crashed(),
      onSecureAttention: () => front.askSecureAttention(),
    },
    ticket,
  );
}

function keepAliveAfter(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
