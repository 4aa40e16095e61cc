import { type Actor, GuruError, may } from '@guruconnect/shared';
import type { MachineCommandsDeps } from '../core/delivery-features.ts';
import type { CompanyInfo, MachineSummary } from '../core/machine-ports.ts';

export interface CommandTarget {
  readonly machine: MachineSummary;
  readonly company: CompanyInfo;
}

/** One answer for what is not there and for what is hidden from whoever asks. */
const NO_MACHINE = 'There is no such machine.';
const NO_COMMAND = 'There is no such command.';

/** The machine as it is shown to the actor: removed ones to those alone who could bring them back. Throws `not-found`. */
export async function requireShown(
  { machines, companies }: Pick<MachineCommandsDeps, 'machines' | 'companies'>,
  actor: Actor,
  machineId: string,
  what: 'machine' | 'command' = 'machine',
): Promise<CommandTarget> {
  const machine = await machines.find(machineId);
  const company = machine && companies.find(machine.companyId);
  const isShown =
    company !== undefined &&
    may(actor, 'machine:see', company) &&
    (!machine?.isRemoved || may(actor, 'machine:remove', company));
  if (!machine || !company || !isShown) {
    throw new GuruError('not-found', what === 'machine' ? NO_MACHINE : NO_COMMAND);
  }
  return { machine, company };
}

/** Throws `not-allowed` for those who see the machine and may not restart it. */
export function requireCommandRight(actor: Actor, { company }: CommandTarget): void {
  if (!may(actor, 'machine:command', company)) throw GuruError.notAllowed('restart this machine');
}

export function noSuchCommand(): GuruError {
  return new GuruError('not-found', NO_COMMAND);
}
