import { safeParse, type ZodMiniType } from 'zod/mini';

/** A sentence for each field that the schema refuses; undefined when it takes the value. */
export function fieldProblems<F extends string>(
  schema: ZodMiniType,
  value: unknown,
  sentences: Record<F, string>,
): Partial<Record<F, string>> | undefined {
  const parsed = safeParse(schema, value);
  if (parsed.success) return undefined;
  const problems: Partial<Record<F, string>> = {};
  for (const issue of parsed.error.issues) {
    const field = issue.path[0];
    if (typeof field === 'string' && field in sentences) problems[field as F] = sentences[field as F];
  }
  return problems;
}

/** What the common fields want, in words. */
export const FIELD_SENTENCES = {
  name: 'Enter a name of at most 80 characters.',
  username: 'Use 2 to 63 letters, digits, dots, dashes, underscores or @, starting with a letter or digit.',
  password: 'Use at least 12 characters.',
  companyName: 'Enter a name of at most 80 characters.',
} as const;
