import { PropertyKey, PropertyValue } from '@guruconnect/shared';
import { safeParse } from 'zod/mini';

export interface PropertyProblems {
  readonly key?: string;
  readonly value?: string;
}

/** What is wrong with a custom property that is to be set; undefined when nothing is. */
export function propertyProblems(
  known: Readonly<Record<string, string>>,
  key: string,
  value: string,
): PropertyProblems | undefined {
  if (!safeParse(PropertyKey, key).success) {
    return {
      key: 'Begin with a letter; at most 40 letters, digits, dots, dashes and underscores.',
    };
  }
  if (Object.hasOwn(known, key)) return { key: 'There is one of that name already.' };
  if (value === '') return { value: 'Enter a value.' };
  if (!safeParse(PropertyValue, value).success) return { value: 'Use at most 500 characters.' };
  return undefined;
}
