import { createHash } from 'node:crypto';
import {
  type ApiReply,
  GuruError,
  type Inventory,
  type MachineStatus,
  type Reconfiguration,
} from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
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
  /** The server answered. */
  readonly onReply: (reply: ApiReply<'checkIn'>) => Promise<void>;
  readonly agentVersion: string;
  readonly clock: Pick<Clock, 'after' | 'monotonicMs'>;
  readonly random: () => number;
  readonly log: Log;
}

const FIRST_RETRY_MS = 5_000;
const MAX_RETRY_MS = 5 * 60_000;
const REFUSED_RETRY_MS = 3_600_000;
/** Times that one check-in may be followed by the next at once: the server wants the inventory, or names changed. */
const MAX_FOLLOW_UPS = 2;

/**
 * Tells the server how the machine is: at the server's interval, when it asks, and when something changed here. One at
 * a time, so that what is told later arrives later.
 */
export class CheckInLoop {
  readonly #deps: CheckInDeps;
  readonly #closing = new AbortController();
  #intervalMs: number;
  #cancel: (() => void) | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #isRunning = false;
  /** Asked for while one was under way, with how long it may take. */
  #againWithinMs: number | undefined;
  #failures = 0;
  /** Of the inventory that the server has. */
  #toldHash: string | undefined;
  #wantsInventory = false;

  constructor(deps: CheckInDeps, intervalMs: number) {
    this.#deps = deps;
    this.#intervalMs = intervalMs;
  }

  /** Checks in at any moment within so many ms, or earlier if that was due already. */
  soon(withinMs: number): void {
    if (this.#isRunning) {
      this.#againWithinMs = Math.min(withinMs, this.#againWithinMs ?? withinMs);
      return;
    }
    const inMs = this.#deps.random() * withinMs;
    if (this.#deps.clock.monotonicMs() + inMs < this.#dueMs) this.#schedule(inMs);
  }

  /** The server lets this machine in (again): a check-in that failed before need not wait any longer. */
  lineIsUp(): void {
    if (this.#dueMs === Number.POSITIVE_INFINITY || this.#failures > 0) {
      this.soon(this.#failures > 0 ? FIRST_RETRY_MS : 0);
    }
  }

  close(): void {
    this.#closing.abort(new GuruError('unavailable', 'Stopped.'));
    this.#cancel?.();
  }

  #schedule(inMs: number): void {
    if (this.#closing.signal.aborted) return;
    this.#cancel?.();
    this.#dueMs = this.#deps.clock.monotonicMs() + inMs;
    this.#cancel = this.#deps.clock.after(inMs, () => void this.#run());
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    this.#dueMs = Number.POSITIVE_INFINITY;
    let nextMs: number;
    try {
      await this.#checkIn();
      this.#failures = 0;
      // A tenth either way: machines that were started together do not stay together.
      nextMs = this.#intervalMs * (0.9 + 0.2 * this.#deps.random());
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      this.#failures += 1;
      nextMs = this.#retryMs(error);
      this.#deps.log.warn({ error, retryInMs: Math.round(nextMs) }, 'the check-in failed');
    } finally {
      this.#isRunning = false;
    }
    this.#schedule(nextMs);
    const again = this.#againWithinMs;
    this.#againWithinMs = undefined;
    // After a failure the server has its rest.
    if (again !== undefined && this.#failures === 0) this.soon(again);
  }

  async #checkIn(): Promise<void> {
    for (let times = 0; times <= MAX_FOLLOW_UPS; times += 1) {
      if (!(await this.#once())) return;
    }
  }

  /** Whether there is more to tell at once. */
  async #once(): Promise<boolean> {
    const { agentVersion, readInventory, readStatus, pending, onReply, log } = this.#deps;
    const inventory = await readInventory();
    const status = await readStatus(inventory);
    const inventoryHash = createHash('sha256').update(JSON.stringify(inventory)).digest('hex');
    const isChanged = this.#toldHash !== undefined && this.#toldHash !== inventoryHash;
    const reconfigure = await pending.load();
    const body = {
      agentVersion,
      status,
      inventoryHash,
      ...(isChanged || this.#wantsInventory ? { inventory } : {}),
      ...(reconfigure ? { reconfigure } : {}),
    };
    let reply: ApiReply<'checkIn'>;
    try {
      reply = await this.#deps.client.checkIn(body, this.#closing.signal);
    } catch (error) {
      if (!reconfigure || !(error instanceof GuruError) || error.code !== 'invalid-message') throw error;
      // Better a check-in without the change than none ever again.
      log.error({ error }, 'the server does not take what was reconfigured here');
      await pending.refused(reconfigure, error.message);
      return true;
    }
    if (reconfigure) await pending.done(reconfigure);
    this.#intervalMs = reply.checkInSeconds * 1000;
    this.#wantsInventory = reply.wantsInventory;
    this.#toldHash = reply.wantsInventory ? undefined : inventoryHash;
    await onReply(reply);
    log.debug({ withInventory: 'inventory' in body }, 'checked in');
    return reply.wantsInventory;
  }

  #retryMs(error: unknown): number {
    const { random } = this.#deps;
    const code = error instanceof GuruError ? error.code : undefined;
    if (code === 'not-allowed' || code === 'unauthenticated' || code === 'not-found') {
      return REFUSED_RETRY_MS * (0.9 + 0.2 * random());
    }
    const limit = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.#failures - 1, 10));
    return restMs(error) + random() * limit;
  }
}

/** How long the server wants to be left alone. */
function restMs(error: unknown): number {
  const { retryAfterMs, retryAfterSeconds } = (error instanceof GuruError && error.details) || {};
  const ms = typeof retryAfterSeconds === 'number' ? retryAfterSeconds * 1000 : retryAfterMs;
  return typeof ms === 'number' && ms > 0 ? Math.min(ms, REFUSED_RETRY_MS) : 0;
}
