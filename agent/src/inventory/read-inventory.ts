import { hostname, networkInterfaces } from 'node:os';
import type { Inventory, MachineStatus } from '@guruconnect/shared';
import { MAX_DISKS, readDisks } from './disks.ts';
import { hardwareId, readHardware } from './dmi.ts';
import { inventoryLine } from './inventory-line.ts';
import type { InventorySource } from './inventory-source.ts';
import type { MachineFiles } from './machine-files.ts';
import { measureDisk } from './measure-disk.ts';
import { readNetworks } from './networks.ts';
import { readBootedAt, readDescription, readInstalledAt, readSystemName } from './operating-system.ts';
import { readMemory, readProcessor } from './processor.ts';

export interface InventoryDeps {
  readonly files: MachineFiles;
  readonly agentVersion: string;
  /** Who sits at the computer. */
  readonly readLogon: () => Promise<{ readonly user: string; readonly idleMs: number | null }>;
}

/** The clock is put right while the system runs, and with it the time of its start by a little. */
const BOOT_JITTER_MS = 2 * 60_000;

/** Reads what this machine is. Keeps nothing open and starts no process. */
export class InventoryReader implements InventorySource {
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
      hostname: inventoryLine(hostname()),
      description: inventoryLine(await readDescription(files)),
      os: {
        family: 'linux',
        name: inventoryLine(system.name),
        version: inventoryLine(system.version),
        build: inventoryLine(system.build),
        installedAt: await readInstalledAt(files),
      },
      processor: { model: inventoryLine(processor.model), cores: Math.min(4096, processor.cores) },
      memoryBytes: total,
      disks: disks.slice(0, MAX_DISKS).map((disk) => ({ ...disk, name: inventoryLine(disk.name) })),
      manufacturer: inventoryLine(hardware.manufacturer),
      model: inventoryLine(hardware.model),
      serial: inventoryLine(hardware.serial),
      serviceTag: inventoryLine(hardware.serviceTag),
      networks: networks.map((card) => ({ ...card, name: inventoryLine(card.name) })),
      bootedAt: await this.#readBootedAt(),
      agentVersion,
    };
  }

  /** What changes all the time, of the disks that the inventory has. */
  async readStatus(inventory: Inventory): Promise<MachineStatus> {
    const logon = await this.#deps.readLogon();
    const { available } = await readMemory(this.#deps.files);
    const diskFreeBytes: Record<string, number> = {};
    for (const { name } of inventory.disks) {
      const size = await measureDisk(name);
      if (size) diskFreeBytes[name] = size.free;
    }
    return {
      user: inventoryLine(logon.user),
      idleMs: logon.idleMs,
      memoryFreeBytes: available,
      diskFreeBytes,
    };
  }

  hardwareId(): Promise<string> {
    return hardwareId(this.#deps.files);
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
