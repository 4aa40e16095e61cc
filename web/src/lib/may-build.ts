import { type Actor, may } from '@guruconnect/shared';

/** Whether somebody makes installers at all; for which companies, each company says. */
export function mayBuild(actor: Actor): boolean {
  return may(actor, 'installer:create', { access: 'everyone', assignedUserIds: [], assignedTeamIds: [] });
}
