import type { Inventory, MachineStatus } from '@guruconnect/shared';

/** What this machine is and how it does. Neither rejects: what is not known is empty or null. */
export interface InventorySource {
  read(): Promise<Inventory>;
  /** What changes all the time, of the disks that the inventory has. */
  readStatus(inventory: Inventory): Promise<MachineStatus>;
  /** SHA-256 in hex of what names this very computer; empty when nothing does. A copied disk does not carry it along. */
  hardwareId(): Promise<string>;
}
