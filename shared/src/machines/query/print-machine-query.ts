import type { MachineQuery, QueryTerm } from '../machine-query.ts';
import { printAge } from './query-age.ts';
import { PROPERTY_PREFIX } from './query-fields.ts';

/** The query as text that `parseMachineQuery` reads as the same query; quotes only where they are needed. */
export function printMachineQuery(query: MachineQuery): string {
  return query.terms.map(printTerm).join(' ');
}

function printTerm(term: QueryTerm): string {
  const not = term.not ? '-' : '';
  switch (term.kind) {
    case 'word': {
      return not + (isPlainWord(term.text) ? term.text : quote(term.text));
    }
    case 'text': {
      return `${not}${term.field}:${term.values.map(printValue).join(',')}`;
    }
    case 'property': {
      return `${not}${PROPERTY_PREFIX}${term.key}:${term.values.map(printValue).join(',')}`;
    }
    case 'age': {
      return `${not}${term.field}${term.than === 'less' ? '<' : '>'}${printAge(term.ms)}`;
    }
    case 'flag': {
      return `${not}is:${term.flag}`;
    }
  }
}

const isPlainWord = (text: string) => /^[^\s"“”„:<>-][^\s:<>]*$/.test(text);
const printValue = (text: string) => (/^[^\s"“”„,][^\s,]*$/.test(text) ? text : quote(text));
const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
