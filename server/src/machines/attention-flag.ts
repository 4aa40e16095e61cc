import type { AttentionFlag } from '@guruconnect/shared';
import { toStorable } from '../core/canonical-json.ts';
import type { Clock } from '../core/clock.ts';
import type { Login } from '../core/ports.ts';

/** A flag as it is stored; null takes it off. */
export function flagOf({ clock }: { clock: Clock }, login: Login, note: string | null): AttentionFlag | null {
  if (note === null) return null;
  const by = { userId: login.userId, name: login.name };
  return { note: String(toStorable(note)), by, at: clock.now() };
}
