import type { SessionView } from '@guruconnect/shared';

/** More connections than this are not held ready: each costs the machine at the other end a little. */
const MAX_WARM = 2;

/** The sessions that the person most likely joins next: their own, the newest first, whose machine is there. */
export function pickWarmSessions(sessions: readonly SessionView[], myUserId: string): string[] {
  return sessions
    .filter((session) => session.owner?.userId === myUserId && isWorthIt(session, myUserId))
    .toSorted((left, right) => right.createdAt - left.createdAt)
    .slice(0, MAX_WARM)
    .map((session) => session.id);
}

function isWorthIt({ lifecycle, endpoint, rights, participants }: SessionView, myUserId: string): boolean {
  if (lifecycle.phase !== 'open' || endpoint.kind !== 'agent' || !rights.view) return false;
  const me = participants.find((one) => one.userId === myUserId);
  // Refused, or watched in another tab.
  return !me || (!me.connected && (me.grant.status === 'allowed' || me.grant.status === 'asked'));
}
