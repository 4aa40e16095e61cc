import { type SQL, sql } from 'drizzle-orm';
import { asInWords, escapeLike, hasWildcard, wildcardPattern } from './like-pattern.ts';
import { anyOf } from './text-condition.ts';

/** Between the parts of `words`; a wildcard stays within one part. */
const SEPARATOR = '\u001f';
const FULL_MAC = /^(?:[0-9a-f]{2}[-.:]?){5}[0-9a-f]{2}$/i;

/** A word or phrase anywhere in what people search for, names of company and site included. */
export function wordCondition(text: string): SQL {
  const inner = text.replace(/^\*+|\*+$/g, '');
  if (inner === '') return sql`true`;
  const pattern = `%${wildcardPattern(inner)}%`;
  const conditions = [
    hasWildcard(inner)
      ? sql`s.words ~ lower(${regexOf(asInWords(inner))})`
      : sql`s.words LIKE lower(${`%${escapeLike(asInWords(inner))}%`})`,
    sql`s.company_id = ANY (ARRAY(SELECT id FROM companies WHERE lower(name) LIKE lower(${pattern})))`,
    sql`s.site_id = ANY (ARRAY(SELECT id FROM sites WHERE lower(name) LIKE lower(${pattern})))`,
  ];
  if (FULL_MAC.test(inner)) {
    const digits = inner.replace(/[^0-9a-f]/gi, '').match(/../g) ?? [];
    const address = digits.join(':');
    if (address !== inner) conditions.push(sql`s.words LIKE lower(${`%${asInWords(address)}%`})`);
  }
  return anyOf(conditions);
}

function regexOf(text: string): string {
  const pieces = text.split(/\*+/).map((piece) => piece.replace(/[.^$*+?()[\]{}|\\]/g, '\\$&'));
  return pieces.join(`[^${SEPARATOR}]*`);
}

/** Whether one of the words is inside the name or hostname; an index finds these. */
export function isNamed(words: readonly string[]): SQL {
  return anyOf(
    textsOf(words).map((text) => sql`(s.name || E'\\x1f' || s.host) LIKE lower(${`%${escapeLike(text)}%`})`),
  );
}

/** The words together and each of them. */
export function textsOf(words: readonly string[]): string[] {
  return [...new Set([words.join(' '), ...words].map((word) => word.replaceAll('*', '')))].filter(Boolean);
}

/**
 * How well a machine's name or hostname fits the words, the best being 0: it is the word, begins with it, has it
 * inside, or the words were found elsewhere.
 */
export function rankOf(words: readonly string[]): SQL {
  const texts = textsOf(words);
  const list = (of: (text: string) => string) =>
    sql`ARRAY[${sql.join(
      texts.map((text) => sql`lower(${of(text)}::text)`),
      sql`, `,
    )}]`;
  const exact = list((text) => text);
  const prefix = list((text) => `${escapeLike(text)}%`);
  const inside = list((text) => `%${escapeLike(text)}%`);
  if (texts.length === 0) return sql`0`;
  return sql`CASE WHEN s.name = ANY (${exact}) OR s.host = ANY (${exact}) THEN 0
    WHEN s.name LIKE ANY (${prefix}) OR s.host LIKE ANY (${prefix}) THEN 1
    WHEN s.name LIKE ANY (${inside}) OR s.host LIKE ANY (${inside}) THEN 2 ELSE 3 END`;
}
