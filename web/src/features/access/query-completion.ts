import {
  findQueryField,
  PROPERTY_PREFIX,
  printMachineQuery,
  QUERY_FIELDS,
  QUERY_FLAGS,
} from '@guruconnect/shared';

/** The piece of a query at the caret that could be completed; `from` and `to` are what a choice replaces. */
export interface Completion {
  readonly kind: 'field' | 'value';
  /** For values: of which field, in lower case. */
  readonly field: string;
  readonly prefix: string;
  readonly from: number;
  readonly to: number;
}

export interface Suggestion {
  /** What is written into the query. */
  readonly insert: string;
  readonly label: string;
  readonly hint: string;
}

/** What is being typed at the caret; undefined between two terms and inside a quoted phrase of words. */
export function completionAt(text: string, caret: number): Completion | undefined {
  const start = startOfTerm(text, caret);
  const to = endOfTerm(text, caret);
  const minus = text[start] === '-' ? 1 : 0;
  const typed = text.slice(start + minus, caret);
  const value = /^([a-z][\w.-]*)([:<>])(.*)$/is.exec(typed);
  if (value) {
    const [, field = '', sign = ':', rest = ''] = value;
    const offset = sign === ':' ? lastPart(rest) : -1;
    const prefix = offset < 0 ? sign + rest : rest.slice(offset);
    return {
      kind: 'value',
      field: field.toLowerCase(),
      prefix: prefix.replace(/^"/, ''),
      from: caret - prefix.length,
      to,
    };
  }
  if (!/^[a-z]+$/i.test(typed)) return undefined;
  return { kind: 'field', field: '', prefix: typed, from: start + minus, to };
}

/** Fields whose name, other spelling or title begins with what was typed. */
export function fieldSuggestions(prefix: string): Suggestion[] {
  const wanted = prefix.toLowerCase();
  const fields = QUERY_FIELDS.map(({ name, kind, title, aliases }) => ({
    insert: kind === 'age' ? name : `${name}:`,
    label: kind === 'age' ? `${name}< or >` : `${name}:`,
    hint: title,
    names: [name, ...aliases, title.toLowerCase()],
  }));
  const others = [
    { insert: 'is:', label: 'is:', hint: 'State: online, flagged, outdated …', names: ['is', 'state'] },
    {
      insert: PROPERTY_PREFIX,
      label: `${PROPERTY_PREFIX}KEY:`,
      hint: 'Custom property',
      names: ['prop', 'custom property'],
    },
  ];
  return [...fields, ...others]
    .filter(({ names }) => names.some((name) => name.startsWith(wanted)))
    .map(({ insert, label, hint }) => ({ insert, label, hint }));
}

const AGES = ['<1h', '<24h', '<7d', '>7d', '>30d', '>1y'] as const;
const SPOKEN: Record<string, string> = {
  '1h': 'an hour',
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
  '1y': 'a year',
};

/** Values that need not be asked of the server: states and ages. */
export function fixedSuggestions(field: string, prefix: string): Suggestion[] {
  const wanted = prefix.toLowerCase();
  if (field === 'is')
    return QUERY_FLAGS.filter(({ flag }) => flag.startsWith(wanted)).map(({ flag, title }) => ({
      insert: flag,
      label: flag,
      hint: title,
    }));
  const info = findQueryField(field);
  if (info?.kind !== 'age') return [];
  return AGES.filter((age) => age.startsWith(wanted)).map((age) => ({
    insert: age,
    label: `${field}${age}`,
    hint: `${info.title}: ${age.startsWith('<') ? 'less' : 'more'} than ${SPOKEN[age.slice(1)]}`,
  }));
}

/** Which of the server's labels has this field's values; undefined for fields without any. */
export function suggestedLabel(field: string) {
  const info = findQueryField(field);
  return info?.kind === 'text' ? info.suggest : undefined;
}

/** The query with the suggestion in the place of what was typed, and where the caret stands then. */
export function complete(
  text: string,
  completion: Completion,
  suggestion: Suggestion,
): { text: string; caret: number } {
  const isDone = completion.kind === 'value';
  const inserted = isDone ? `${suggestion.insert} ` : suggestion.insert;
  const tail = text.slice(completion.to);
  const head = text.slice(0, completion.from) + inserted;
  return { text: head + (isDone ? tail.trimStart() : tail), caret: head.length };
}

/** A value as the language wants it: quoted where it has to be. */
export function quoted(value: string): string {
  const term = { kind: 'text', field: 'name', values: [value], not: false } as const;
  return printMachineQuery({ terms: [term] }).slice('name:'.length);
}

function startOfTerm(text: string, caret: number): number {
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < caret; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (!isQuoted && /\s/.test(text[at] ?? '')) start = at + 1;
  }
  return start;
}

function endOfTerm(text: string, caret: number): number {
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (at >= caret && !isQuoted && /\s/.test(text[at] ?? '')) return at;
  }
  return text.length;
}

/** Where the last of several values begins. */
function lastPart(values: string): number {
  let start = 0;
  let isQuoted = false;
  for (const [at, sign] of [...values].entries()) {
    if (sign === '"') isQuoted = !isQuoted;
    else if (sign === ',' && !isQuoted) start = at + 1;
  }
  return start;
}
