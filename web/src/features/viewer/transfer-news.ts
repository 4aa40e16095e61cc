import type { SessionView } from '@guruconnect/shared';

type Side = Pick<SessionView, 'transfer' | 'owner'>;

/**
 * What to tell a person when an offer of the session they look at was answered; undefined when nothing was.
 * `withdrawn`: they took it back themselves.
 */
export function transferNews(
  before: Side | undefined,
  after: Side,
  myUserId: string | undefined,
  withdrawn: boolean,
): string | undefined {
  if (!before?.transfer || after.transfer) return undefined;
  const { from, to } = before.transfer;
  if (after.owner?.userId === to.userId && before.owner?.userId !== to.userId) {
    if (myUserId === to.userId) return 'The session is yours now.';
    const wasMine = myUserId === from.userId || myUserId === before.owner?.userId;
    return wasMine
      ? `${to.name} took the session over. You are watching now.`
      : `${to.name} has the session now.`;
  }
  if (myUserId !== from.userId) return undefined;
  return withdrawn ? 'The offer was withdrawn.' : `${to.name} declined. The session stays with you.`;
}
