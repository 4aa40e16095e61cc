import { PropertyKey } from '../machine-labels.ts';
import {
  type Flag,
  MAX_QUERY_LENGTH,
  MAX_QUERY_TERMS,
  type ParsedQuery,
  type QueryTerm,
} from '../machine-query.ts';
import { parseAge } from './query-age.ts';
import {
  type AgeFieldInfo,
  findQueryField,
  PROPERTY_PREFIX,
  QUERY_FIELDS,
  QUERY_FLAGS,
} from './query-fields.ts';
import { isBlank, isQuote, QueryFault, QueryScanner } from './query-scanner.ts';

/** `name:`, `name<`, `name>` at the beginning of a term. */
const FIELD = /^([A-Za-z][A-Za-z0-9_.-]*)([:<>])/;
/** MAC and IPv6 addresses have colons too, and are words. */
const ADDRESS = /^[0-9a-f]*:[0-9a-f.]*:[0-9a-f:.*]*$/i;
const URL_START = /^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * Reads the text of the search field. A value ends at the first blank unless it is in quotes: `os:windows 11` are two
 * terms that both hold (an OS with `windows` in its name, and `11` anywhere), `os:"windows 11"` is one. An empty value
 * in quotes stands for "has none": `site:""`. `*` is a wildcard in quotes as well. Never throws.
 */
export function parseMachineQuery(text: string): ParsedQuery {
  try {
    if (text.length > MAX_QUERY_LENGTH) {
      const beyond = text.length - MAX_QUERY_LENGTH;
      throw new QueryFault(MAX_QUERY_LENGTH, beyond, `At most ${MAX_QUERY_LENGTH} characters.`);
    }
    const scanner = new QueryScanner(text);
    const terms: QueryTerm[] = [];
    while (scanner.skipBlanks()) {
      if (terms.length === MAX_QUERY_TERMS) {
        throw new QueryFault(scanner.at, text.length - scanner.at, `At most ${MAX_QUERY_TERMS} terms.`);
      }
      terms.push(readTerm(scanner));
    }
    return { ok: true, query: { terms } };
  } catch (error) {
    if (error instanceof QueryFault) return { ok: false, problem: error.problem };
    throw error;
  }
}

function readTerm(scanner: QueryScanner): QueryTerm {
  const not = scanner.next === '-' && !isBlank(scanner.text[scanner.at + 1]);
  if (not) scanner.at += 1;
  const start = scanner.at;
  const chunk = scanner.peekChunk();
  const [head = '', name = '', operator = ''] = isQuote(scanner.next) ? [] : (FIELD.exec(chunk) ?? []);
  if (head === '' || (isUnknown(name) && (ADDRESS.test(chunk) || URL_START.test(chunk)))) {
    const { text, isQuoted } = scanner.value('');
    if (text === '') throw new QueryFault(start, scanner.at - start, 'There is nothing between the quotes.');
    return { kind: 'word', text: isQuoted ? text : chunk, not };
  }
  scanner.at += head.length;
  return readField(scanner, { start, name, operator, not });
}

interface Head {
  readonly start: number;
  readonly name: string;
  readonly operator: string;
  readonly not: boolean;
}

function readField(scanner: QueryScanner, head: Head): QueryTerm {
  const { start, name, operator, not } = head;
  const lower = name.toLowerCase();
  if (lower === 'is') return readFlag(scanner, head);
  if (lower.startsWith(PROPERTY_PREFIX)) return readProperty(scanner, head);
  const field = findQueryField(name);
  if (!field) throw new QueryFault(start, name.length, unknownField(name));
  if (field.kind === 'age') return readAge(scanner, head, field);
  if (operator !== ':') {
    throw new QueryFault(start, name.length + 1, `“${field.name}” has no age: write ${field.name}:value.`);
  }
  return { kind: 'text', field: field.name, values: readValues(scanner, head), not };
}

function readProperty(scanner: QueryScanner, head: Head): QueryTerm {
  const { start, name, operator, not } = head;
  const key = name.slice(PROPERTY_PREFIX.length);
  if (!PropertyKey.safeParse(key).success) {
    throw new QueryFault(start, name.length, `“${key}” cannot be the name of a custom property.`);
  }
  if (operator !== ':') {
    throw new QueryFault(start, name.length + 1, `A custom property has no age: write prop.${key}:value.`);
  }
  return { kind: 'property', key, values: readValues(scanner, head), not };
}

/** One value or more, with commas between them. */
function readValues(scanner: QueryScanner, { start, name }: Head): string[] {
  const values: string[] = [];
  do {
    if (values.length > 0) scanner.at += 1;
    const { text, isQuoted } = scanner.value(',');
    if (text === '' && !isQuoted) {
      const message =
        values.length > 0
          ? 'A value is missing after the comma.'
          : `A value is missing right after “${name}:”. For none, write ${name}:"".`;
      throw new QueryFault(start, Math.max(scanner.at - start, name.length + 1), message);
    }
    values.push(text);
  } while (scanner.next === ',');
  return values;
}

function readFlag(scanner: QueryScanner, { start, operator, not }: Head): QueryTerm {
  const at = scanner.at;
  const { text } = scanner.value('');
  const found = QUERY_FLAGS.find(({ flag }) => flag === text.toLowerCase());
  if (operator !== ':' || !found) {
    const flags = QUERY_FLAGS.map(({ flag }) => flag).join(', ');
    const message = operator === ':' && text !== '' ? `There is no “is:${text.slice(0, 40)}”.` : 'Is what?';
    const from = text === '' ? start : at;
    throw new QueryFault(from, scanner.at - from, `${message} One of: ${flags}.`);
  }
  const flag: Flag = found.flag;
  return { kind: 'flag', flag, not };
}

function readAge(scanner: QueryScanner, { start, operator, not }: Head, field: AgeFieldInfo): QueryTerm {
  if (operator === ':') {
    const length = scanner.at - start;
    throw new QueryFault(start, length, `Write ${field.name}<7d or ${field.name}>7d.`);
  }
  // The limit itself counts as more, so that `>=` says the same as `>`.
  if (scanner.next === '=') scanner.at += 1;
  const at = scanner.at;
  const { text } = scanner.value('');
  const ms = parseAge(text);
  if (ms === undefined) {
    const from = text === '' ? start : at;
    const message = `An age is a number with m, h, d, w or y, up to 100 years: ${field.name}${operator}7d.`;
    throw new QueryFault(from, scanner.at - from, message);
  }
  return { kind: 'age', field: field.name, than: operator === '<' ? 'less' : 'more', ms, not };
}

function isUnknown(name: string): boolean {
  const lower = name.toLowerCase();
  return lower !== 'is' && !lower.startsWith(PROPERTY_PREFIX) && findQueryField(name) === undefined;
}

function unknownField(name: string): string {
  const lower = name.toLowerCase();
  const near = QUERY_FIELDS.find((field) =>
    [field.name, ...field.aliases].some((one) => one.startsWith(lower) || lower.startsWith(one)),
  );
  const shown = name.slice(0, 40);
  const hint = near ? `Did you mean “${near.name}”?` : 'Put the word in quotes to search for it.';
  return `There is no field “${shown}”. ${hint}`;
}
