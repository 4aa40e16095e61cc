import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { GuruError } from '@guruconnect/shared';
import { loadNativeAddon } from '../native/load-addon.ts';
import { type AgentConfig, type CommandLine, readCommandLine } from './config.ts';
import { describeError } from './core/log.ts';
import { Launcher } from './launcher/launcher.ts';
import { readMachineInfo } from './machine/machine-info.ts';
import { launcherFront } from './one-time/launcher-front.ts';
import { runOneTime } from './one-time/run-one-time.ts';
import { terminalFront } from './one-time/terminal-front.ts';
import { installService, readUnitTemplate, UNIT, uninstallService } from './service/install-service.ts';
import { enrol, reconfigure, showStatus } from './service/machine-commands.ts';
import { runService } from './service/run-service.ts';
import { createTerminal } from './terminal/terminal.ts';
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

const terminal = createTerminal({ input: process.stdin, output: process.stdout });

/** One session, for whoever sits at this computer. */
async function runForPerson(config: AgentConfig): Promise<number> {
  // Fails now, with its own clear message, rather than in the helper when a technician waits.
  loadNativeAddon();
  const { pipe } = config;
  return runOneTime({
    config,
    front: pipe === undefined ? terminalFront(terminal) : launcherFront(await Launcher.connect(pipe)),
    readMachine: () => readMachineInfo(AGENT_VERSION),
    hostEntry: HOST_ENTRY,
    writeLog: (line) => process.stderr.write(line),
    exit: (code) => process.exit(code),
  });
}

/** Resolves with the exit code. */
async function carryOut(commandLine: CommandLine): Promise<number> {
  const print = (line: string) => terminal.print(line);
  switch (commandLine.kind) {
    case 'run':
      return await runForPerson(commandLine.config);
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
