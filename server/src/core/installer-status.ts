import type { InstallerView } from '@guruconnect/shared';
import type { InstallerRow } from '../db/schema/machines.ts';

/** Whether machines can enrol with an installer now, and why not. */
export function statusOf(
  installer: Pick<InstallerRow, 'revokedAt' | 'expiresAt' | 'maxUses' | 'uses'>,
  now: number,
): InstallerView['status'] {
  if (installer.revokedAt !== null) return 'revoked';
  if (installer.expiresAt !== null && installer.expiresAt <= now) return 'expired';
  if (installer.maxUses !== null && installer.uses >= installer.maxUses) return 'used-up';
  return 'active';
}
