import { statfs } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { type Inventory, MAX_INVENTORY_TEXT, type MachineStatus } from '@guruconnect/shared';
import { type MeasureDisk, readDisks } from './disks.ts';
import { readHardware } from './dmi.ts';
import type { MachineFiles } from './machine-files.ts';
import { readNetworks } from './networks.ts';
import { readBootedAt, readDescription, readInstalledAt, readSystemName } from './operating-system.ts';
import { readMemory, readProcessor } from './processor.ts';

export interface InventoryDeps {
  readonly files: MachineFiles;
  readonly agentVersion: string;
}

/** The clock is put right while the system runs, and with it the time of its start by a little. */
const BOOT_JITTER_MS = 2 * 60_000;
const MAX_DISKS = 64;

/** Reads what this machine is. Keeps nothing open and starts no process. */
export class InventoryReader {
  readonly #deps: InventoryDeps;
  #bootedAt: number | null = null;

  constructor(deps: InventoryDeps) {
    this.#deps = deps;
  }

  /** Never rejects: what is not known is empty or null. */
  async read(): Promise<Inventory> {
    const { files, agentVersion } = this.#deps;
    const system = await readSystemName(files);
    const hardware = await readHardware(files);
    const processor = await readProcessor(files);
    const { total } = await readMemory(files);
    const disks = await readDisks(files, measureDisk);
    const networks = await readNetworks(files, networkInterfaces());
    return {
      hostname: line(hostname()),
      description: line(await readDescription(files)),
      os: {
        family: 'linux',
        name: line(system.name),
        version: line(system.version),
        build: line(system.build),
        installedAt: await readInstalledAt(files),
      },
      processor: { model: line(processor.model), cores: Math.min(4096, processor.cores) },
      memoryBytes: total,
      disks: disks.slice(0, MAX_DISKS).map((disk) => ({ ...disk, name: line(disk.name) })),
      manufacturer: line(hardware.manufacturer),
      model: line(hardware.model),
      serial: line(hardware.serial),
      serviceTag: line(hardware.serviceTag),
      networks: networks.map((card) => ({ ...card, name: line(card.name) })),
      bootedAt: await this.#readBootedAt(),
      agentVersion,
    };
  }

  /** What changes all the time, of the disks that the inventory has. */
  async readStatus(
    inventory: Inventory,
    logon: { readonly user: string; readonly idleMs: number | null },
  ): Promise<MachineStatus> {
    const { available } = await readMemory(this.#deps.files);
    const diskFreeBytes: Record<string, number> = {};
    for (const { name } of inventory.disks) {
      const size = await measureDisk(name);
      if (size) diskFreeBytes[name] = size.free;
    }
    return { user: line(logon.user), idleMs: logon.idleMs, memoryFreeBytes: available, diskFreeBytes };
  }

  async #readBootedAt(): Promise<number | null> {
    const bootedAt = await readBootedAt(this.#deps.files);
    const before = this.#bootedAt;
    if (before === null || bootedAt === null || Math.abs(bootedAt - before) > BOOT_JITTER_MS) {
      this.#bootedAt = bootedAt;
    }
    return this.#bootedAt;
  }
}

const measureDisk: MeasureDisk = async (path) => {
  try {
    const { bsize, blocks, bavail } = await statfs(path);
    return { total: bsize * blocks, free: bsize * bavail };
  } catch {
    // Taken out in the meantime.
    return undefined;
  }
};

function line(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replaceAll(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, MAX_INVENTORY_TEXT);
}
