import type { SessionRow } from '../db/schema/sessions.ts';

/** The participant that a person is in a session. */
export function participantIn(row: SessionRow, userId: string): string | undefined {
  return row.state.participants.find((one) => one.userId === userId)?.id;
}
