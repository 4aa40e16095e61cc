import { GuruError, type MachineQuery, parseMachineQuery } from '@guruconnect/shared';

/** The query of a text. Throws `invalid-message` with `details.problem` when it is none. */
export function parseOrRefuse(text: string): MachineQuery {
  const parsed = parseMachineQuery(text);
  if (parsed.ok) return parsed.query;
  throw new GuruError('invalid-message', parsed.problem.message, { details: { problem: parsed.problem } });
}
