import { DisplayName, GuruError, INITIAL_SESSION_STATE, may, type Visibility } from '@guruconnect/shared';
import * as z from 'zod/mini';
import type { Clock } from '../../core/clock.ts';
import type { CompanyInfo, MachineFeed, MachineLines, MachineSummary } from '../../core/machine-ports.ts';
import type { Login } from '../../core/ports.ts';
import { newId } from '../../core/secrets.ts';
import type { SessionRow } from '../../db/schema/sessions.ts';
import type { Fanout } from '../live/fanout.ts';
import type { SessionAccess } from '../session-access.ts';
import type { Recorder } from '../session-recorder.ts';
import type { MachineSessionStore } from '../store/machine-session-store.ts';
import type { TechnicianStore } from '../store/technician-store.ts';
import type { HostStarter } from './host-starter.ts';
import { KeyedQueue } from './keyed-queue.ts';
import type { MachineScope } from './machine-scope.ts';

export interface MachineConnectorDeps {
  readonly clock: Clock;
  readonly scope: MachineScope;
  readonly access: Pick<SessionAccess, 'targetOf'>;
  readonly lines: MachineLines;
  readonly machineSessions: MachineSessionStore;
  readonly technicians: TechnicianStore;
  readonly starter: HostStarter;
  readonly machineFeed: MachineFeed;
  readonly fanout: Fanout;
  readonly record: Recorder;
}

interface Caller {
  readonly login: Login;
  readonly address: string;
}

/** Opens sessions on machines with an always-on agent: one a machine, which others join (U4, I1). */
export class MachineConnector {
  readonly #deps: MachineConnectorDeps;
  readonly #queue = new KeyedQueue();

  constructor(deps: MachineConnectorDeps) {
    this.#deps = deps;
  }

  /**
   * The session that is open on the machine, or a new one whose host was called. Throws `not-found` for machines that
   * the caller does not reach, `endpoint-offline`, and `conflict` when the open one is not theirs to see.
   */
  connect(machineId: string, visibility: Visibility | undefined, caller: Caller): Promise<SessionRow> {
    return this.#queue.run(machineId, async () => {
      const { machine, company } = await this.#deps.scope.demand(
        caller.login.actor,
        'machine:connect',
        machineId,
      );
      if (machine.isRemoved) throw GuruError.conflict('This machine was removed. Bring it back first.');
      const open = await this.#deps.machineSessions.findActive(machineId);
      const row = open
        ? await this.#enter(open, caller)
        : await this.#begin(machine, company, visibility, caller);
      await this.noteAccess(machineId);
      return row;
    });
  }

  /** Somebody used the machine now. */
  async noteAccess(machineId: string): Promise<void> {
    await this.#deps.machineSessions.markAccessed(machineId, this.#deps.clock.now());
    this.#deps.machineFeed.changed([machineId]);
  }

  async #enter(row: SessionRow, { login, address }: Caller): Promise<SessionRow> {
    const details = { machineId: row.machineId };
    if (!may(login.actor, 'session:see', await this.#deps.access.targetOf(row))) {
      await this.#noteFailure('occupied', row.machineId, { login, address });
      throw GuruError.conflict('Somebody is connected to this machine already.');
    }
    await this.#deps.record({
      actor: `user:${login.userId}`,
      action: 'machine.connected',
      sessionId: row.id,
      address,
      details: { ...details, joinsOpenSession: true },
    });
    await this.#deps.starter.startIfAbsent(row);
    return row;
  }

  async #begin(
    machine: MachineSummary,
    company: CompanyInfo,
    visibility: Visibility | undefined,
    { login, address }: Caller,
  ): Promise<SessionRow> {
    const { machineId } = machine;
    const { lines, machineSessions, technicians, starter, clock } = this.#deps;
    if (!lines.isOnline(machineId)) throw await this.#offline(machineId, { login, address });
    const now = clock.now();
    const name = z.safeParse(DisplayName, machine.name);
    const row = await machineSessions.add({
      id: newId(),
      origin: 'machine',
      ownerId: login.userId,
      createdBy: login.userId,
      claimBy: 'list',
      visibility: visibility ?? (await technicians.visibilityOf(login.userId)),
      name: name.success ? name.data : null,
      consentRequired: company.consent.kind !== 'never',
      consentPolicy: company.consent,
      state: INITIAL_SESSION_STATE,
      version: 1,
      phase: 'waiting',
      machine: machine.info,
      machineId,
      endpointAddress: lines.addressOf(machineId) ?? null,
      codeExpiresAt: null,
      createdAt: now,
      lastActiveAt: now,
      endedAt: null,
    });
    // Another node of the server was faster.
    if (!row) throw GuruError.conflict('Somebody is connecting to this machine right now. Try again.');
    if (!(await starter.startFirst(row))) {
      await machineSessions.discard(row.id);
      starter.forget(row.id);
      throw await this.#offline(machineId, { login, address });
    }
    this.#deps.fanout.sessionChanged(row.id);
    await this.#deps.record({
      actor: `user:${login.userId}`,
      action: 'machine.connected',
      sessionId: row.id,
      address,
      details: {
        machineId,
        name: machine.name,
        companyId: company.companyId,
        visibility: row.visibility,
        consent: company.consent,
      },
    });
    return row;
  }

  async #offline(machineId: string, caller: Caller): Promise<GuruError> {
    await this.#noteFailure('offline', machineId, caller);
    return new GuruError('endpoint-offline', 'The machine is not connected.');
  }

  #noteFailure(reason: 'offline' | 'occupied', machineId: string | null, { login, address }: Caller) {
    return this.#deps.record({
      actor: `user:${login.userId}`,
      action: 'machine.connect-failed',
      address,
      details: { machineId, reason },
    });
  }
}
