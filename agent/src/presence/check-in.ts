import { createHash } from 'node:crypto';
import {
  type ApiReply,
  GuruError,
  type Inventory,
  type MachineCommandResult,
  type MachineStatus,
  type Reconfiguration,
} from '@guruconnect/shared';
import type { Log } from '../core/log.ts';
import type { MachineClient } from './machine-client.ts';

export interface CheckInDeps {
  readonly client: Pick<MachineClient, 'checkIn'>;
  readonly readInventory: () => Promise<Inventory>;
  readonly readStatus: (inventory: Inventory) => Promise<MachineStatus>;
  readonly pending: {
    load(): Promise<Reconfiguration | undefined>;
    done(sent: Reconfiguration): Promise<void>;
    refused(sent: Reconfiguration, reason: string): Promise<void>;
  };
  /** What became of commands and the server has not heard yet. */
  readonly commandResults?: () => Promise<MachineCommandResult[]>;
  /** The server answered, and so has what was `told`. */
  readonly onReply: (reply: ApiReply<'checkIn'>, told: readonly MachineCommandResult[]) => Promise<void>;
  readonly agentVersion: string;
  readonly log: Log;
}

/** Times that one check-in may be followed by the next at once: the server wants the inventory, or names changed. */
const MAX_FOLLOW_UPS = 2;

/** Tells the server how the machine is, once. What it has heard is remembered for the next time. */
export class CheckIn {
  readonly #deps: CheckInDeps;
  /** Of the inventory that the server has. */
  #toldHash: string | undefined;
  #wantsInventory = false;

  constructor(deps: CheckInDeps) {
    this.#deps = deps;
  }

  /**
   * Resolves with the ms until the next one is due. Rejects with the server's GuruError, or `unavailable` when it cannot
   * be reached.
   */
  async run(signal: AbortSignal): Promise<number> {
    for (let times = 0; ; times += 1) {
      const { isAgain, intervalMs } = await this.#once(signal);
      if (intervalMs !== undefined && (!isAgain || times >= MAX_FOLLOW_UPS)) return intervalMs;
    }
  }

  /** Without an interval the server did not answer yet. */
  async #once(signal: AbortSignal): Promise<{ isAgain: boolean; intervalMs?: number }> {
    const { agentVersion, readInventory, readStatus, pending, onReply, log } = this.#deps;
    const inventory = await readInventory();
    const status = await readStatus(inventory);
    const inventoryHash = createHash('sha256').update(JSON.stringify(inventory)).digest('hex');
    const isChanged = this.#toldHash !== undefined && this.#toldHash !== inventoryHash;
    const reconfigure = await pending.load();
    const commandResults = await this.#commandResults();
    const body = {
      agentVersion,
      status,
      inventoryHash,
      ...(isChanged || this.#wantsInventory ? { inventory } : {}),
      ...(reconfigure ? { reconfigure } : {}),
      ...(commandResults.length > 0 ? { commandResults } : {}),
    };
    let reply: ApiReply<'checkIn'>;
    try {
      reply = await this.#deps.client.checkIn(body, signal);
    } catch (error) {
      if (!reconfigure || !(error instanceof GuruError) || error.code !== 'invalid-message') throw error;
      // Better a check-in without the change than none ever again.
      log.error({ error }, 'the server does not take what was reconfigured here');
      await pending.refused(reconfigure, error.message);
      return { isAgain: true };
    }
    if (reconfigure) await pending.done(reconfigure);
    this.#wantsInventory = reply.wantsInventory;
    this.#toldHash = reply.wantsInventory ? undefined : inventoryHash;
    await onReply(reply, commandResults);
    log.debug({ withInventory: 'inventory' in body }, 'checked in');
    const hasResults = (await this.#commandResults()).length > 0;
    return { isAgain: reply.wantsInventory || hasResults, intervalMs: reply.checkInSeconds * 1000 };
  }

  async #commandResults(): Promise<MachineCommandResult[]> {
    return (await this.#deps.commandResults?.()) ?? [];
  }
}
