import type { SessionView } from '@guruconnect/shared';

/** Sessions that somebody offers me now, the oldest offer first. */
export function offersTo(sessions: readonly SessionView[], myUserId: string): SessionView[] {
  return sessions
    .filter(({ transfer, lifecycle }) => lifecycle.phase === 'open' && transfer?.to.userId === myUserId)
    .toSorted((left, right) => (left.transfer?.at ?? 0) - (right.transfer?.at ?? 0));
}
