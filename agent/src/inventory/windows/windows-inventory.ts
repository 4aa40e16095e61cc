import { cpus, freemem, hostname, networkInterfaces, totalmem, uptime } from 'node:os';
import type { Inventory, MachineStatus } from '@guruconnect/shared';
import type { WindowsApi } from '../../windows/windows-api.ts';
import { type Disk, MAX_DISKS, type MeasureDisk } from '../disks.ts';
import { hardwareIdOf, hardwareOf } from '../dmi.ts';
import { inventoryLine } from '../inventory-line.ts';
import type { InventorySource } from '../inventory-source.ts';
import { parseSmbios } from '../smbios.ts';
import { readWindowsName } from './windows-name.ts';
import { readWindowsNetworks } from './windows-networks.ts';

export interface WindowsInventoryDeps {
  readonly windows: WindowsApi;
  readonly measureDisk: MeasureDisk;
  readonly now: () => number;
  readonly agentVersion: string;
}

const PROCESSOR = 'HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0';
const SERVER = 'SYSTEM\\CurrentControlSet\\Services\\LanmanServer\\Parameters';
/** The time of the start is counted back from now: rounded, so that it stays the same from check-in to check-in. */
const BOOT_ROUNDING_MS = 5 * 60_000;

/** What a Windows machine says of itself, by the registry, Windows' functions and its BIOS. Starts no process. */
export class WindowsInventory implements InventorySource {
  readonly #deps: WindowsInventoryDeps;

  constructor(deps: WindowsInventoryDeps) {
    this.#deps = deps;
  }

  async read(): Promise<Inventory> {
    const { windows, now, agentVersion } = this.#deps;
    const system = readWindowsName(windows);
    const hardware = hardwareOf(parseSmbios(windows.firmwareTable()));
    const disks = await this.#disks();
    const processors = cpus();
    return {
      hostname: inventoryLine(hostname()),
      description: inventoryLine(windows.registryText(SERVER, 'srvcomment')),
      os: {
        family: 'windows',
        name: inventoryLine(system.name),
        version: inventoryLine(system.version),
        build: inventoryLine(system.build),
        installedAt: system.installedAt,
      },
      processor: {
        model: inventoryLine(
          windows.registryText(PROCESSOR, 'ProcessorNameString') || (processors[0]?.model ?? ''),
        ),
        cores: Math.min(4096, processors.length),
      },
      memoryBytes: totalmem(),
      disks: disks.slice(0, MAX_DISKS),
      manufacturer: inventoryLine(hardware.manufacturer),
      model: inventoryLine(hardware.model),
      serial: inventoryLine(hardware.serial),
      serviceTag: inventoryLine(hardware.serviceTag),
      networks: readWindowsNetworks(networkInterfaces()),
      bootedAt: Math.round((now() - uptime() * 1000) / BOOT_ROUNDING_MS) * BOOT_ROUNDING_MS,
      agentVersion,
    };
  }

  async readStatus(inventory: Inventory): Promise<MachineStatus> {
    const { windows, measureDisk } = this.#deps;
    const { user, idleMs } = windows.consoleLogon();
    const diskFreeBytes: Record<string, number> = {};
    for (const { name } of inventory.disks) {
      const size = await measureDisk(`${name}\\`);
      if (size) diskFreeBytes[name] = size.free;
    }
    return { user: inventoryLine(user), idleMs, memoryFreeBytes: freemem(), diskFreeBytes };
  }

  async hardwareId(): Promise<string> {
    const texts = parseSmbios(this.#deps.windows.firmwareTable());
    return hardwareIdOf(texts.get('product_uuid') ?? '', hardwareOf(texts));
  }

  async #disks(): Promise<Disk[]> {
    const { windows, measureDisk } = this.#deps;
    const disks: Disk[] = [];
    for (const name of windows.fixedDrives()) {
      const size = await measureDisk(`${name}\\`);
      if (size && size.total > 0) disks.push({ name, sizeBytes: size.total });
    }
    return disks;
  }
}
