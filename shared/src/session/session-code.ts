import * as z from 'zod/mini';

/** The 6 digits that join an end user to an attended session (S1). */
export const SessionCode = z.string().check(z.regex(/^[0-9]{6}$/));
export type SessionCode = z.infer<typeof SessionCode>;

export const SESSION_CODE_LENGTH = 6;

/**
 * Takes the digits out of what somebody typed or pasted: "847 291", "Code: 847-291", full-width digits.
 * Returns undefined unless exactly six digits remain.
 */
export function normalizeSessionCode(text: string): SessionCode | undefined {
  const digits = text.normalize('NFKC').replace(/[^0-9]/g, '');
  return digits.length === SESSION_CODE_LENGTH ? digits : undefined;
}

/** "847291" as people read it out: "847 291". */
export function formatSessionCode(code: SessionCode): string {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}
