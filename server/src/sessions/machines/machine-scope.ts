import { type Actor, type CompanyTarget, GuruError, may } from '@guruconnect/shared';
import type { Companies, CompanyInfo, MachineSummary, Machines } from '../../core/machine-ports.ts';
import type { MachineSessionStore } from '../store/machine-session-store.ts';

/** Stands for a company that is gone: no technician is assigned to it. */
export const HIDDEN_COMPANY: CompanyTarget = { access: 'assigned', assignedUserIds: [], assignedTeamIds: [] };

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

  /** The companies of these machines, in one query; each id gives one, hidden where the machine or company is gone. */
  async targetsOf(machineIds: readonly string[]): Promise<Map<string, CompanyTarget>> {
    const companyIds = await this.#deps.machineSessions.companiesOf([...new Set(machineIds)]);
    return new Map(machineIds.map((machineId) => [machineId, this.#targetOf(companyIds.get(machineId))]));
  }

  /** null for a session that is on no machine. */
  async targetOf(machineId: string | null): Promise<CompanyTarget | null> {
    if (machineId === null) return null;
    return (await this.targetsOf([machineId])).get(machineId) ?? HIDDEN_COMPANY;
  }

  /** The machine, if the actor may do that with it; the same `not-found` for hidden ones and for those that never were. */
  async demand(
    actor: Actor,
    action: 'machine:see' | 'machine:connect',
    machineId: string,
  ): Promise<{ machine: MachineSummary; company: CompanyInfo }> {
    const machine = await this.#deps.machines.find(machineId);
    const company = machine && this.#deps.companies.find(machine.companyId);
    if (!machine || !company || !may(actor, action, company)) {
      throw new GuruError('not-found', 'There is no such machine.');
    }
    return { machine, company };
  }

  #targetOf(companyId: string | undefined): CompanyTarget {
    return (companyId !== undefined && this.#deps.companies.find(companyId)) || HIDDEN_COMPANY;
  }
}
