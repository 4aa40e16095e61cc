import { DEFAULT_PREFERENCES, type Me } from '@guruconnect/shared';
import type { UserRow } from '../db/schema/people.ts';

/** The signed-in person as their browser sees them. */
export function meView(user: UserRow, csrfToken: string): Me {
  return {
    userId: user.id,
    username: user.username,
    name: user.name,
    role: user.role,
    teamId: user.teamId,
    // Rows written by an older version may lack a preference that is new.
    preferences: { ...DEFAULT_PREFERENCES, ...user.preferences },
    csrfToken,
  };
}
