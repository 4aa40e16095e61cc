import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { GuruError, normalizeSessionCode, type SessionCode } from '@guruconnect/shared';
import { loadNativeAddon } from '../native/load-addon.ts';
import { type AgentConfig, type CommandLine, readCommandLine } from './config.ts';
import { systemClock } from './core/clock.ts';
import { createLog, describeError, type Log } from './core/log.ts';
import { readMachineInfo } from './machine/machine-info.ts';
import { createApiClient } from './presence/api-client.ts';
import { OneTimePresence } from './presence/one-time-presence.ts';
import type { Presence, SessionTicket } from './presence/presence.ts';
import { TicketStore } from './presence/ticket-store.ts';
import { installService, readUnitTemplate, UNIT, uninstallService } from './service/install-service.ts';
import { enrol, reconfigure, showStatus } from './service/machine-commands.ts';
import { runService } from './service/run-service.ts';
import { createChildHosts } from './supervise/child-host.ts';
import { SupervisedSession } from './supervise/supervised-session.ts';
import { onStopSignal } from './terminal/stop-signal.ts';
import { createTerminal, type Terminal } from './terminal/terminal.ts';
import { TerminalPerson } from './terminal/terminal-person.ts';
import { USAGE } from './usage.ts';
import { AGENT_VERSION } from './version.ts';

/** The session host lies beside this file: as source in its folder, after bundling as a script of its own. */
const HOST_ENTRY = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? './supervise/host-entry.ts' : './session-host.mjs',
    import.meta.url,
  ),
);

/** Likewise the service's unit. */
const UNIT_FILES = [`./${UNIT}`, `../../installers/linux/${UNIT}`].map((file) =>
  fileURLToPath(new URL(file, import.meta.url)),
);

const KEEPS_FAILING =
  'The session keeps failing on this computer and cannot go on. Start the app again to try once more, or ask for another code.';

const terminal = createTerminal({ input: process.stdin, output: process.stdout });

/** Runs sessions until there are none left; resolves with the exit code. */
async function run(config: AgentConfig): Promise<number> {
  const log = createLog(config.logLevel, (line) => process.stderr.write(line), systemClock.now);
  const stopping = new AbortController();
  // Fails now, with its own clear message, rather than in the helper when a technician waits.
  loadNativeAddon();
  const machine = await readMachineInfo(AGENT_VERSION);
  let stop = async () => stopping.abort(new GuruError('unavailable', 'Stopped.'));
  onStopSignal({ stop: () => stop(), exit: (code) => process.exit(code), log });
  const code = config.code ?? (await askForCode(terminal, stopping.signal));
  const presence = createPresence(config, code, machine);
  // Timers of ours do not keep the process alive; the session does.
  const alive = setInterval(() => {}, 60_000);
  for (;;) {
    const ticket = await presence.next(stopping.signal);
    if (!ticket) break;
    terminal.print(`This is a support session with ${ticket.companyName}.`);
    const session = createSession(config, log, machine, ticket);
    stop = () => session.stop('agent-stopped');
    const outcome = await session.outcome;
    if (outcome === 'failed') throw new GuruError('internal', KEEPS_FAILING);
    await (outcome === 'refused' ? presence.refused(ticket) : presence.ended(ticket));
  }
  clearInterval(alive);
  return 0;
}

function createPresence(
  config: AgentConfig,
  code: SessionCode,
  machine: Awaited<ReturnType<typeof readMachineInfo>>,
): Presence {
  const { origin, ca, stateDir } = config;
  return new OneTimePresence({
    api: createApiClient({ origin, ...(ca ? { ca } : {}) }),
    store: new TicketStore({ dir: stateDir, origin, code }),
    machine,
    code,
    clock: { after: keepAliveAfter },
    events: {
      onWaiting: () =>
        terminal.print('Waiting until your technician lets this computer in. Press Ctrl-C to stop.'),
      onPuzzle: () => terminal.print('The server is busy; this takes a few seconds.'),
    },
  });
}

function createSession(
  { windows, logLevel, ...config }: AgentConfig,
  log: Log,
  machine: Awaited<ReturnType<typeof readMachineInfo>>,
  ticket: SessionTicket,
): SupervisedSession {
  const { origin, ca, display, bindAddress, stateDir } = config;
  return new SupervisedSession(
    {
      clock: systemClock,
      log,
      openHost: createChildHosts({ entry: HOST_ENTRY, clock: systemClock, log }),
      settings: { origin, ca, display, bindAddress, windows, stateDir, logLevel },
      machine,
      person: (session) =>
        new TerminalPerson({
          terminal,
          answer: (participantId, answer) => session.answerConsent(participantId, answer),
        }),
      onCrash: () => terminal.print('The session was interrupted by a fault. It goes on in a moment.'),
    },
    ticket,
  );
}

async function askForCode(terminal: Terminal, signal: AbortSignal): Promise<SessionCode> {
  if (!terminal.canAsk) throw GuruError.invalid('Say the code from your technician: --code 847291');
  for (;;) {
    const typed = await terminal.ask('The six digits from your technician: ', signal);
    if (typed === undefined) throw GuruError.invalid('No code was given.');
    const code = normalizeSessionCode(typed);
    if (code !== undefined) return code;
    terminal.print('A code has six digits, as in 847 291.');
  }
}

function keepAliveAfter(ms: number, task: () => void): () => void {
  const timer = setTimeout(task, ms);
  return () => clearTimeout(timer);
}

/** Resolves with the exit code. */
async function carryOut(commandLine: CommandLine): Promise<number> {
  const print = (line: string) => terminal.print(line);
  switch (commandLine.kind) {
    case 'run':
      return await run(commandLine.config);
    case 'service':
      return await runService(commandLine.config, {
        hostEntry: HOST_ENTRY,
        writeLog: (line) => process.stderr.write(line),
      });
    case 'enrol':
      await enrol(commandLine.config, print);
      return 0;
    case 'reconfigure':
      await reconfigure(commandLine.change, commandLine.stateDir, print);
      return 0;
    case 'status':
      await showStatus(commandLine.stateDir, print);
      return 0;
    case 'install':
      if (commandLine.enrol) await enrol(commandLine.enrol, print);
      await installService({
        root: commandLine.root,
        programDir: path.dirname(fileURLToPath(import.meta.url)),
        unitTemplate: await readUnitTemplate(UNIT_FILES),
        node: process.execPath,
        print,
      });
      return 0;
    case 'uninstall':
      await uninstallService({ root: commandLine.root, print }, commandLine.purge);
      return 0;
    case 'help':
      print(USAGE);
      return 0;
    case 'version':
      print(AGENT_VERSION);
      return 0;
  }
}

async function main(): Promise<number> {
  try {
    return await carryOut(readCommandLine());
  } catch (error) {
    terminal.print(
      error instanceof GuruError ? error.message : `Something went wrong: ${describeError(error)}`,
    );
    return 1;
  }
}

process.exit(await main());
