import type {
  MachineCommandKind,
  MachineCommandResult,
  MachineCommandView,
  SignedMachineCommand,
} from '@guruconnect/shared';
import type { MachineCommandsDeps } from '../core/delivery-features.ts';
import type { MachineSummary } from '../core/machine-ports.ts';
import type { Login } from '../core/ports.ts';
import { newId } from '../core/secrets.ts';
import { showAnew } from '../core/show-anew.ts';
import type { MachineCommandRow } from '../db/schema/delivery.ts';
import { CommandSigner } from './command-signer.ts';
import { CommandStore, type NamedCommand } from './command-store.ts';

/** A machine that comes later than this is in use again by people who know nothing of the command. */
export const COMMAND_TTL_MS = 15 * 60_000;

const OFFLINE = 'The machine is offline. It gets this command if it connects before it expires.';

/** Gives commands to machines and takes their answers; every step is audited and shown to open pages. */
export class CommandDesk {
  readonly #deps: MachineCommandsDeps;
  readonly #store: CommandStore;
  readonly #signer: CommandSigner;
  /** Machines that may have an open command: those that connect are not all looked up. */
  readonly #waiting = new Set<string>();
  #sweep: Promise<void> | undefined;

  constructor(deps: MachineCommandsDeps) {
    this.#deps = deps;
    this.#store = new CommandStore(deps.db);
    this.#signer = new CommandSigner(deps.keys);
  }

  /** Takes up what was open when the server stopped. */
  async remember(): Promise<void> {
    for (const machineId of await this.#store.machinesWaiting()) {
      this.#waiting.add(machineId);
      // It may have connected before this was read.
      this.connected(machineId);
    }
  }

  /** Undefined when the machine has another one that is open. */
  async issue(
    { machineId, name }: MachineSummary,
    kind: MachineCommandKind,
    login: Login,
    address: string,
  ): Promise<MachineCommandView | undefined> {
    await this.expire(machineId);
    const { clock, audit, lines } = this.#deps;
    const issuedAt = clock.now();
    const expiresAt = issuedAt + COMMAND_TTL_MS;
    const id = newId();
    if (!(await this.#store.add({ id, machineId, kind, issuedBy: login.userId, issuedAt, expiresAt }))) {
      return undefined;
    }
    // Written down before the machine can know of it.
    await audit.append({
      actor: `user:${login.userId}`,
      action: 'machine.command-issued',
      address,
      details: { machineId, name, commandId: id, kind, expiresAt },
    });
    this.#waiting.add(machineId);
    lines().checkIn(machineId, 0);
    await showAnew(this.#deps, [machineId]);
    const command = await this.#store.find(id);
    return command && this.view(command);
  }

  /** What the machine shall do now; each is given once more until it answered or expired. */
  async take(machineId: string): Promise<SignedMachineCommand[]> {
    const taken = await this.#store.take(machineId, this.#deps.clock.now());
    const fresh = taken.filter(({ isNew }) => isNew);
    for (const { row } of fresh) {
      await this.#deps.audit.append({
        actor: `machine:${machineId}`,
        action: 'machine.command-sent',
        details: { machineId, commandId: row.id, kind: row.kind },
      });
    }
    if (fresh.length > 0) await showAnew(this.#deps, [machineId]);
    return Promise.all(
      taken.map(({ row: { id, kind, issuedAt, expiresAt } }) =>
        this.#signer.sign(machineId, { commandId: id, kind, issuedAt, expiresAt }),
      ),
    );
  }

  /** What became of commands, as their machine says; what it says of others' is not listened to. */
  async answered(machineId: string, results: readonly MachineCommandResult[]): Promise<void> {
    const { clock, audit } = this.#deps;
    for (const result of results) {
      const row = await this.#store.answer(machineId, result, clock.now());
      if (!row) continue;
      this.#waiting.delete(machineId);
      await audit.append({
        actor: `machine:${machineId}`,
        action: 'machine.command-answered',
        details: {
          machineId,
          commandId: row.id,
          kind: row.kind,
          outcome: result.outcome,
          reason: row.reason,
        },
      });
      await showAnew(this.#deps, [machineId]);
    }
  }

  /** False when it is too late. */
  async cancel(row: MachineCommandRow, login: Login, address: string): Promise<boolean> {
    const { id: commandId, machineId, kind } = row;
    if (!(await this.#store.cancel(commandId, this.#deps.clock.now()))) return false;
    this.#waiting.delete(machineId);
    await this.#deps.audit.append({
      actor: `user:${login.userId}`,
      action: 'machine.command-cancelled',
      address,
      details: { machineId, commandId, kind },
    });
    await showAnew(this.#deps, [machineId]);
    return true;
  }

  /** Ends what is due: of one machine, or of all. */
  expire(machineId?: string): Promise<void> {
    if (machineId !== undefined) return this.#expire(machineId);
    this.#sweep ??= this.#expire().finally(() => {
      this.#sweep = undefined;
    });
    return this.#sweep;
  }

  /** A machine that has something to fetch asks at once. */
  connected(machineId: string): void {
    if (this.#waiting.has(machineId)) this.#deps.lines().checkIn(machineId, 0);
  }

  find(commandId: string): Promise<NamedCommand | undefined> {
    return this.#store.find(commandId);
  }

  async list(machineId: string): Promise<MachineCommandView[]> {
    await this.expire(machineId);
    return (await this.#store.ofMachine(machineId)).map((command) => this.view(command));
  }

  async openOf(machineId: string): Promise<MachineCommandView | null> {
    const command = await this.#store.openOf(machineId);
    const isOver = !command || command.row.expiresAt <= this.#deps.clock.now();
    return isOver ? null : this.view(command);
  }

  view({ row, issuer }: NamedCommand): MachineCommandView {
    const { id: commandId, machineId, kind, status, issuedAt, expiresAt, answeredAt } = row;
    const isOffline = status === 'waiting' && !this.#deps.lines().isOnline(machineId);
    const reason = isOffline ? OFFLINE : row.reason;
    return { commandId, machineId, kind, status, reason, issuedBy: issuer, issuedAt, expiresAt, answeredAt };
  }

  async settled(): Promise<void> {
    await this.#sweep?.catch(() => undefined);
  }

  async #expire(machineId?: string): Promise<void> {
    const expired = await this.#store.expire(this.#deps.clock.now(), machineId);
    for (const row of expired) {
      this.#waiting.delete(row.machineId);
      await this.#deps.audit.append({
        actor: 'server',
        action: 'machine.command-expired',
        details: {
          machineId: row.machineId,
          commandId: row.id,
          kind: row.kind,
          wasSent: row.sentAt !== null,
        },
      });
    }
    await showAnew(
      this.#deps,
      expired.map((row) => row.machineId),
    );
  }
}
