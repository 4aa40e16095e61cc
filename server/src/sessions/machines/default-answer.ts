import type { Capability } from '@guruconnect/shared';
import type { SessionRow } from '../../db/schema/sessions.ts';

/**
 * What counts when a participant's question is not answered in time: by the policy that the session began with, all
 * that was asked for, or nothing. Undefined where nobody may answer in the place of the person at the machine.
 */
export function defaultAnswer(
  { consentPolicy, state }: SessionRow,
  participantId: string,
): Capability | 'refuse' | undefined {
  if (consentPolicy?.kind !== 'ask') return undefined;
  const grant = state.participants.find((one) => one.id === participantId)?.grant;
  if (grant?.status !== 'asked') return undefined;
  return consentPolicy.otherwise === 'allow' ? grant.wants : 'refuse';
}

/** Whether this may be said where nobody answered; of a question that is settled already the session's state decides. */
export function isDefaultAnswer(
  row: SessionRow,
  participantId: string,
  answer: Capability | 'refuse',
): boolean {
  if (row.consentPolicy?.kind !== 'ask') return false;
  const expected = defaultAnswer(row, participantId);
  return expected === undefined || expected === answer;
}
