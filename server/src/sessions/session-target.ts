import type { CompanyTarget, SessionTarget } from '@guruconnect/shared';
import type { SessionRow } from '../db/schema/sessions.ts';

/** What decides who may do what with a session. `company` is that of its machine; null where it is on none. */
export function sessionTarget(
  row: SessionRow,
  ownerTeamId: string | null,
  company: CompanyTarget | null,
): SessionTarget {
  return {
    ownerId: row.ownerId,
    ownerTeamId,
    visibility: row.visibility,
    claimBy: row.claimBy,
    company,
    offeredTo: row.state.transfer?.toUserId ?? null,
    handedOverBy: row.state.handedOverBy ?? null,
  };
}
