import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { MachineInfo } from '@guruconnect/shared';
import type { CommandExecutor } from '../commands/command-executor.ts';
import { linuxCommands } from '../commands/linux-commands.ts';
import { windowsCommands } from '../commands/windows-commands.ts';
import type { InventorySource } from '../inventory/inventory-source.ts';
import { MachineFiles } from '../inventory/machine-files.ts';
import { measureDisk } from '../inventory/measure-disk.ts';
import { InventoryReader } from '../inventory/read-inventory.ts';
import { WindowsInventory } from '../inventory/windows/windows-inventory.ts';
import { LogonReader } from '../logon/logon-reader.ts';
import { AGENT_VERSION } from '../version.ts';
import { openWindowsApi } from '../windows/open-windows-api.ts';
import { readMachineInfo } from './machine-info.ts';
import type { SupportedOs } from './os-family.ts';
import { readWindowsMachineInfo } from './windows-machine-info.ts';
import { windowsProxies } from './windows-proxies.ts';

/** What of this computer is of its system's kind, for programs that ask once. */
export interface ThisMachine {
  readonly os: SupportedOs;
  readonly inventory: InventorySource;
  /** What it says about itself to technicians. */
  readInfo(): Promise<MachineInfo>;
  /** Proxies that programs of this user are told to use. */
  systemProxies(): Promise<readonly string[]>;
  /** `serviceProgram`: what restarts it, on Windows. */
  commands(serviceProgram: string): CommandExecutor;
}

/** Looks at this computer by the means of its system. */
export function openThisMachine(os: SupportedOs): Promise<ThisMachine> {
  return os === 'windows' ? openWindowsMachine() : openLinuxMachine();
}

async function openLinuxMachine(): Promise<ThisMachine> {
  const files = new MachineFiles();
  const logon = new LogonReader({ files, display: undefined, authFile: undefined });
  const readLogon = () => logon.status();
  return {
    os: 'linux',
    inventory: new InventoryReader({ files, agentVersion: AGENT_VERSION, readLogon }),
    readInfo: () => readMachineInfo(AGENT_VERSION),
    systemProxies: async () => [],
    commands: () => linuxCommands(promisify(execFile)),
  };
}

async function openWindowsMachine(): Promise<ThisMachine> {
  const windows = await openWindowsApi();
  return {
    os: 'windows',
    inventory: new WindowsInventory({
      windows,
      measureDisk,
      now: () => Date.now(),
      agentVersion: AGENT_VERSION,
    }),
    readInfo: async () => readWindowsMachineInfo(windows, AGENT_VERSION),
    systemProxies: async () => windowsProxies(windows),
    commands: (serviceProgram) => windowsCommands(serviceProgram, promisify(execFile)),
  };
}
