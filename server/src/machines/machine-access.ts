import { type Actor, GuruError, may } from '@guruconnect/shared';
import type { Companies, CompanyInfo } from '../core/machine-ports.ts';
import type { MachineDbRow } from '../db/schema/machines.ts';
import { isShown } from './machine-views.ts';

/** The answer for machines that are not there and for those that are hidden from whoever asks. */
export function noSuchMachine(): GuruError {
  return new GuruError('not-found', 'There is no such machine.');
}

/** What can be asked of a machine; see `Action`. */
export type MachineAction =
  | 'machine:connect'
  | 'machine:wake'
  | 'machine:edit'
  | 'machine:move'
  | 'machine:remove';

const SENTENCES: { [A in MachineAction]: string } = {
  'machine:connect': 'connect to this machine',
  'machine:wake': 'wake this machine',
  'machine:edit': 'change this machine',
  'machine:move': 'move this machine',
  'machine:remove': 'remove this machine or bring it back',
};

/** The company of a machine that the actor is shown. Throws `not-found` otherwise, whatever the reason. */
export function requireShown<R extends Pick<MachineDbRow, 'companyId' | 'removedAt'>>(
  companies: Companies,
  actor: Actor,
  row: R | undefined,
): { row: R; company: CompanyInfo } {
  const company = row && companies.find(row.companyId);
  if (!row || !company || !isShown(actor, company, row)) throw noSuchMachine();
  return { row, company };
}

/** Throws `not-allowed` for what the actor may not do with machines of the company. */
export function requireRight(actor: Actor, action: MachineAction, company: CompanyInfo): void {
  if (!may(actor, action, company)) throw GuruError.notAllowed(SENTENCES[action]);
}

/** A removed machine is brought back before anything else. */
export function requireThere(row: Pick<MachineDbRow, 'removedAt'>): void {
  if (row.removedAt !== null) throw GuruError.conflict('This machine is removed. Bring it back first.');
}
