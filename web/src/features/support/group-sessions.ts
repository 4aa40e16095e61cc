import type { SessionView } from '@guruconnect/shared';

export interface TechnicianGroup {
  userId: string;
  name: string;
  sessions: SessionView[];
}

export interface SessionGroups {
  mine: SessionView[];
  /** Nobody's yet: first-come sessions and requests from the portal. */
  available: SessionView[];
  /** Other people's, by technician, in the order of their names. */
  team: TechnicianGroup[];
  /** Newest end first. */
  ended: SessionView[];
}

/** Sorts what a technician may see into the groups of the Support tab (S2). */
export function groupSessions(sessions: readonly SessionView[], myUserId: string): SessionGroups {
  const active = sessions.filter((one) => one.lifecycle.phase !== 'ended').toSorted(byUrgency);
  const team = new Map<string, TechnicianGroup>();
  for (const session of active) {
    const { owner } = session;
    if (!owner || owner.userId === myUserId) continue;
    const group = team.get(owner.userId) ?? { userId: owner.userId, name: owner.name, sessions: [] };
    group.sessions.push(session);
    team.set(owner.userId, group);
  }
  return {
    mine: active.filter((one) => one.owner?.userId === myUserId),
    available: active.filter((one) => one.owner === null),
    team: [...team.values()].toSorted((left, right) => left.name.localeCompare(right.name)),
    ended: sessions
      .filter((one) => one.lifecycle.phase === 'ended')
      .toSorted((left, right) => endOf(right) - endOf(left)),
  };
}

/** The live list and the stored one overlap; of two views of a session the newer one stays. */
export function mergeSessions(live: readonly SessionView[], stored: readonly SessionView[]): SessionView[] {
  const merged = new Map(stored.map((one) => [one.id, one]));
  for (const session of live) {
    const known = merged.get(session.id);
    if (!known || known.version <= session.version) merged.set(session.id, session);
  }
  return [...merged.values()];
}

/** Somebody at the door first, then running sessions, then codes that wait; the newest first in each. */
function byUrgency(left: SessionView, right: SessionView): number {
  return rank(left) - rank(right) || right.createdAt - left.createdAt;
}

function rank(session: SessionView): number {
  if (session.knocks.length > 0) return 0;
  return session.lifecycle.phase === 'open' ? 1 : 2;
}

function endOf(session: SessionView): number {
  return session.lifecycle.phase === 'ended' ? session.lifecycle.endedAt : 0;
}
