/** Text for LIKE in which nothing is a wildcard. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** A value of the query language for LIKE: each `*` stands for anything. */
export function wildcardPattern(value: string): string {
  return value.split(/\*+/).map(escapeLike).join('%');
}

/** Only `*`: anything but nothing. */
export const isAnything = (value: string): boolean => /^\*+$/.test(value);
export const hasWildcard = (value: string): boolean => value.includes('*');

/** The longest run of a value without `*`, for the index of words; undefined when it is too short for that. */
export function indexable(value: string): string | undefined {
  const [longest = ''] = value.split('*').toSorted((a, b) => b.length - a.length);
  return longest.length >= 3 ? longest : undefined;
}

/** Text that the database takes: without the one character that PostgreSQL has no place for. */
export const storable = (text: string): string => text.replaceAll('\u0000', '');

const PUNCTUATION = '.:-_/\\@';
const LETTERS = 'ƀƃƅƈƌƒƙ';

/** As the column `words` has it: letters in the place of punctuation, see the migration `0011_search_upkeep.sql`. */
export function asInWords(text: string): string {
  return text.replace(/[.:\-_/\\@]/g, (char) => LETTERS[PUNCTUATION.indexOf(char)] ?? char);
}
