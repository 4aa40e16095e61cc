import { AGE_UNITS, type Flag, findQueryField, type MachineQuery, type QueryTerm } from '@guruconnect/shared';

/** One line of the filter builder: a term of the query, taken apart for people. */
export type BuilderRow =
  | { readonly kind: 'words'; readonly not: boolean; readonly text: string }
  | { readonly kind: 'text'; readonly field: string; readonly not: boolean; readonly text: string }
  | { readonly kind: 'property'; readonly key: string; readonly not: boolean; readonly text: string }
  | {
      readonly kind: 'age';
      readonly field: string;
      readonly not: boolean;
      readonly than: 'less' | 'more';
      readonly amount: string;
      readonly unit: AgeUnit;
    }
  | { readonly kind: 'flag'; readonly flag: Flag; readonly not: boolean };

/** `d` for days: a unit of the query language. */
export type AgeUnit = (typeof AGE_UNITS)[number]['unit'];

/** The builder's lines of a query. */
export function rowsOf(query: MachineQuery): BuilderRow[] {
  return query.terms.map(rowOf);
}

function rowOf(term: QueryTerm): BuilderRow {
  const { not } = term;
  switch (term.kind) {
    case 'word':
      return { kind: 'words', not, text: term.text };
    case 'text':
      return { kind: 'text', field: term.field, not, text: joinValues(term.values) };
    case 'property':
      return { kind: 'property', key: term.key, not, text: joinValues(term.values) };
    case 'age':
      return { kind: 'age', field: term.field, not, than: term.than, ...ageOf(term.ms) };
    case 'flag':
      return { kind: 'flag', flag: term.flag, not };
  }
}

/** The query of the builder's lines; those that say nothing yet are left out. */
export function queryOf(rows: readonly BuilderRow[]): MachineQuery {
  return { terms: rows.flatMap((row) => termOf(row) ?? []) };
}

function termOf(row: BuilderRow): QueryTerm | undefined {
  switch (row.kind) {
    case 'words':
      return row.text.trim() ? { kind: 'word', text: row.text.trim(), not: row.not } : undefined;
    case 'text': {
      const values = splitValues(row.text);
      const field = findQueryField(row.field);
      if (values.length === 0 || field?.kind !== 'text') return undefined;
      return { kind: 'text', field: field.name, values, not: row.not };
    }
    case 'property': {
      const values = splitValues(row.text);
      if (values.length === 0 || !row.key.trim()) return undefined;
      return { kind: 'property', key: row.key.trim(), values, not: row.not };
    }
    case 'age': {
      const amount = Math.round(Number(row.amount));
      const field = findQueryField(row.field);
      const unit = AGE_UNITS.find((one) => one.unit === row.unit);
      if (!(amount > 0) || !unit || field?.kind !== 'age') return undefined;
      return { kind: 'age', field: field.name, than: row.than, ms: amount * unit.ms, not: row.not };
    }
    case 'flag':
      return { kind: 'flag', flag: row.flag, not: row.not };
  }
}

/** The largest unit that the time is a whole number of. */
function ageOf(ms: number): { amount: string; unit: AgeUnit } {
  const unit = AGE_UNITS.find((one) => ms % one.ms === 0);
  return unit
    ? { amount: String(ms / unit.ms), unit: unit.unit }
    : { amount: String(Math.round(ms / 60_000)), unit: 'm' };
}

/** Values in one field of text, with commas between; one with a comma of its own is quoted. */
export function joinValues(values: readonly string[]): string {
  return values.map((value) => (value === '' || value.includes(',') ? `"${value}"` : value)).join(', ');
}

/** The values of a field of text; `""` stands for "has none". */
export function splitValues(text: string): string[] {
  return [...text.matchAll(/\s*"([^"]*)"\s*(?:,|$)|\s*([^,]+)\s*(?:,|$)/g)]
    .map(([, quoted, plain]) => quoted?.trim() ?? (plain?.trim() || undefined))
    .filter((value) => value !== undefined);
}
