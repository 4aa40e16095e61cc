import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { GuruError } from '@guruconnect/shared';
import { loadNativeAddon } from '../native/load-addon.ts';
import type { AgentConfig, CommandLine, WindowsServiceConfig } from './command-line.ts';
import { readCommandLine } from './config.ts';
import { systemClock } from './core/clock.ts';
import { createLog, describeError } from './core/log.ts';
import { diagnose } from './diagnose/diagnose.ts';
import { Launcher } from './launcher/launcher.ts';
import { osFamily } from './machine/os-family.ts';
import { openThisMachine } from './machine/this-machine.ts';
import { trustWindowsAuthorities } from './machine/trust-authorities.ts';
import { launcherFront } from './one-time/launcher-front.ts';
import { runOneTime } from './one-time/run-one-time.ts';
import { terminalFront } from './one-time/terminal-front.ts';
import { installService, readUnitTemplate, UNIT, uninstallService } from './service/install-service.ts';
import { enrol, reconfigure, showStatus } from './service/machine-commands.ts';
import { runService } from './service/run-service.ts';
import { createTerminal } from './terminal/terminal.ts';
import { USAGE } from './usage.ts';
import { AGENT_VERSION } from './version.ts';
import { openWindowsApi } from './windows/open-windows-api.ts';
import { runCheckIn } from './windows-service/run-check-in.ts';
import { runWindowsSession } from './windows-service/run-windows-session.ts';

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

const writeLog = (line: string) => process.stderr.write(line);
const terminal = createTerminal({ input: process.stdin, output: process.stdout });

/** One session, for whoever sits at this computer. */
async function runForPerson(config: AgentConfig): Promise<number> {
  // Fails now, with its own clear message, rather than in the helper when a technician waits.
  loadNativeAddon();
  const { pipe } = config;
  return runOneTime({
    config,
    front: pipe === undefined ? terminalFront(terminal) : launcherFront(await Launcher.connect(pipe)),
    readMachine: async () => (await openThisMachine(osFamily())).readInfo(),
    hostEntry: HOST_ENTRY,
    writeLog,
    exit: (code) => process.exit(code),
  });
}

async function launcherAt(pipe: string | undefined): Promise<Launcher> {
  if (pipe === undefined) throw GuruError.invalid('The service program starts this.');
  return Launcher.connect(pipe);
}

/** Tells the outcome to the service program if that started it, else to the terminal. */
async function checkIn(config: WindowsServiceConfig): Promise<number> {
  const { pipe } = config;
  const launcher = pipe === undefined ? undefined : await launcherAt(pipe);
  const tell = async (checkInSeconds: number, problem: string | null) => {
    if (!launcher) terminal.print(problem ?? 'The server knows how this computer is.');
    launcher?.tell({ type: 'check-in-done', checkInSeconds, problem });
    await launcher?.close();
  };
  try {
    await tell(await checkInOnce(config), null);
    return 0;
  } catch (error) {
    await tell(0, sentenceOf(error));
    return 1;
  }
}

/** Resolves with the seconds until the next one is due. */
async function checkInOnce(config: WindowsServiceConfig): Promise<number> {
  const { serviceProgram, stateDir, proxies, logLevel } = config;
  const machine = await openThisMachine(osFamily());
  return runCheckIn({
    stateDir,
    proxies,
    inventory: machine.inventory,
    executor: machine.commands(serviceProgram),
    log: createLog(logLevel, writeLog, systemClock.now),
  });
}

function sentenceOf(error: unknown): string {
  return error instanceof GuruError ? error.message : `Something went wrong: ${describeError(error)}`;
}

/** What needs no server. */
const OFFLINE: ReadonlySet<CommandLine['kind']> = new Set(['help', 'version', 'status']);

/** Resolves with the exit code. */
async function carryOut(commandLine: CommandLine): Promise<number> {
  if (osFamily() === 'windows' && !OFFLINE.has(commandLine.kind)) trustWindowsAuthorities();
  const print = (line: string) => terminal.print(line);
  switch (commandLine.kind) {
    case 'run':
      return await runForPerson(commandLine.config);
    case 'service':
      return await runService(commandLine.config, {
        hostEntry: HOST_ENTRY,
        writeLog,
      });
    case 'windows-session':
      return await runWindowsSession(commandLine.config, {
        launcher: await launcherAt(commandLine.config.pipe),
        windows: await openWindowsApi(),
        hostEntry: HOST_ENTRY,
        writeLog,
        exit: (code) => process.exit(code),
      });
    case 'check-in':
      return await checkIn(commandLine.config);
    case 'enrol':
      await enrol(commandLine.config, print);
      return 0;
    case 'diagnose': {
      const { systemProxies } = await openThisMachine(osFamily());
      return await diagnose(commandLine.config, { print, systemProxies });
    }
    case 'reconfigure': {
      const { stateDir, checkIn: config } = commandLine;
      await reconfigure(commandLine, stateDir, print, config && (() => checkInOnce(config)));
      return 0;
    }
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
    terminal.print(sentenceOf(error));
    return 1;
  }
}

process.exit(await main());
