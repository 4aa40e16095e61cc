import { type Actor, type CompanyTarget, GuruError, may } from '@guruconnect/shared';
import type { Companies, CompanyInfo, MachineSummary, Machines } from '../../core/machine-ports.ts';
import type { SessionRow } from '../../db/schema/sessions.ts';
import type { MachineSessionStore } from '../store/machine-session-store.ts';

/** Stands for a company that is gone: no technician is assigned to it. */
const HIDDEN_COMPANY: CompanyTarget = { access: 'assigned', assignedUserIds: [], assignedTeamIds: [] };

export interface MachineScopeDeps {
  readonly companies: Pick<Companies, 'find'>;
  readonly machines: Pick<Machines, 'find'>;
  readonly machineSessions: Pick<MachineSessionStore, 'companiesOf'>;
}

/** Says which company decides about a machine's sessions: the one that it is in now, not the one when they began. */
export class MachineScope {
  readonly #deps: MachineScopeDeps;

  constructor(deps: MachineScopeDeps) {
    this.#deps = deps;
  }

  /** Reads in one query what tells the company of each of these sessions; null for one that is on no machine. */
  async companiesOf(rows: readonly SessionRow[]): Promise<(row: SessionRow) => CompanyTarget | null> {
    const companyIds = await this.#deps.machineSessions.companiesOf([
      ...new Set(rows.flatMap((row) => row.machineId ?? [])),
    ]);
    return (row) => this.#companyOf(row, companyIds);
  }

  async companyOf(row: SessionRow): Promise<CompanyTarget | null> {
    return (await this.companiesOf([row]))(row);
  }

  /** The machine, if the actor may do that with it; the same `not-found` for hidden ones and for those that never were. */
  async demand(
    actor: Actor,
    action: 'machine:see' | 'machine:connect',
    machineId: string,
  ): Promise<{ machine: MachineSummary; company: CompanyInfo }> {
    const machine = await this.#deps.machines.find(machineId);
    const company = machine && this.#deps.companies.find(machine.companyId);
    const isShown = machine && company && may(actor, action, company);
    // Removed machines are there only for those who may bring them back.
    if (!isShown || (machine.isRemoved && !may(actor, 'machine:remove', company))) {
      throw new GuruError('not-found', 'There is no such machine.');
    }
    return { machine, company };
  }

  /** Of a machine that was deleted, or whose company is gone, the sessions stay hidden. */
  #companyOf(
    { origin, machineId }: SessionRow,
    companyIds: ReadonlyMap<string, string>,
  ): CompanyTarget | null {
    if (origin !== 'machine') return null;
    const companyId = machineId === null ? undefined : companyIds.get(machineId);
    return (companyId !== undefined && this.#deps.companies.find(companyId)) || HIDDEN_COMPANY;
  }
}
