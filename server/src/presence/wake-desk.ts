import { GuruError, may } from '@guruconnect/shared';
import { eq } from 'drizzle-orm';
import type { ApiHandler } from '../core/api-handlers.ts';
import type { Clock } from '../core/clock.ts';
import type { Companies, MachineFeed, MachineLines, Machines } from '../core/machine-ports.ts';
import type { AuditLog } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { machines } from '../db/schema/machines.ts';

export interface WakeDeskDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: AuditLog;
  readonly machines: Machines;
  readonly companies: Companies;
  readonly lines: MachineLines;
  readonly feed: MachineFeed;
}

interface Wake {
  readonly macs: string[];
  readonly until: number;
}

/** One packet may be lost, and a peer may be asleep itself by now. */
const MAX_PEERS = 3;
/** A peer that checks in later than this sends no packet for a wish that nobody remembers. */
const WISH_MS = 2 * 60_000;
/** For one peer at a time. */
const MAX_WISHES = 50;

/** Has machines woken by other agents on their network (U8). */
export class WakeDesk {
  readonly #deps: WakeDeskDeps;
  readonly #wishes = new Map<string, Wake[]>();
  /** When machines were last asked to be woken. */
  readonly #askedAt = new Map<string, number>();

  constructor(deps: WakeDeskDeps) {
    this.#deps = deps;
  }

  /** Route `wakeMachine`. */
  readonly wake: ApiHandler<'wakeMachine'> = async ({ params, login, address }) => {
    const { audit, lines } = this.#deps;
    const { machineId } = params;
    const macs = await this.#macsOf(machineId, login.actor);
    if (lines.isOnline(machineId)) throw conflict('The machine is online already.', 'online');
    if (macs.length === 0) throw conflict('No network address of the machine is known.', 'no-mac');
    const peers = (await this.#deps.machines.wakePeersOf(machineId))
      .filter((peer) => peer !== machineId && lines.isOnline(peer))
      .slice(0, MAX_PEERS);
    const asked = peers.filter((peer) => this.#ask(peer, macs));
    if (asked.length === 0) throw conflict('No other machine of its network is online.', 'no-peer');
    this.#forgetOld();
    this.#askedAt.set(machineId, this.#deps.clock.now());
    await audit.append({
      actor: `user:${login.userId}`,
      action: 'machine.wake-asked',
      address,
      details: { machineId, askedAgents: asked },
    });
    return { askedAgents: asked.length };
  };

  /** What a machine shall wake; asked with its check-in. */
  take(machineId: string): { macs: string[] }[] {
    const wishes = this.#current(machineId);
    this.#wishes.delete(machineId);
    return wishes.map(({ macs }) => ({ macs }));
  }

  /** Since when a machine that is off is asked to wake; undefined once it came, or will not come any more. */
  wakingSince(machineId: string): number | undefined {
    this.#forgetOld();
    return this.#deps.lines.isOnline(machineId) ? undefined : this.#askedAt.get(machineId);
  }

  #forgetOld(): void {
    const oldest = this.#deps.clock.now() - WISH_MS;
    for (const [machineId, askedAt] of this.#askedAt) {
      if (askedAt < oldest) this.#askedAt.delete(machineId);
    }
  }

  /** Refuses as if there were no machine where the actor may not know of it. */
  async #macsOf(machineId: string, actor: Parameters<typeof may>[0]): Promise<string[]> {
    const machine = await this.#deps.machines.find(machineId);
    const company = machine && this.#deps.companies.find(machine.companyId);
    if (!machine || machine.isRemoved || !company || !may(actor, 'machine:see', company)) {
      throw new GuruError('not-found', 'There is no such machine.');
    }
    if (!may(actor, 'machine:wake', company)) throw GuruError.notAllowed('wake that machine');
    const rows = await this.#deps.db
      .select({ macs: machines.macs })
      .from(machines)
      .where(eq(machines.id, machineId));
    return rows[0]?.macs ?? [];
  }

  #ask(peer: string, macs: string[]): boolean {
    const wishes = this.#current(peer).slice(1 - MAX_WISHES);
    this.#wishes.set(peer, [...wishes, { macs, until: this.#deps.clock.now() + WISH_MS }]);
    if (this.#deps.lines.checkIn(peer, 0)) return true;
    this.#wishes.delete(peer);
    return false;
  }

  #current(machineId: string): Wake[] {
    const now = this.#deps.clock.now();
    return (this.#wishes.get(machineId) ?? []).filter(({ until }) => until > now);
  }
}

function conflict(message: string, reason: 'online' | 'no-mac' | 'no-peer'): GuruError {
  return new GuruError('conflict', message, { details: { reason } });
}
