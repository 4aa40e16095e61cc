import {
  type GroupCount,
  printMachineQuery,
  type SavedFilterView,
  SMART_GROUPS,
  type TextField,
} from '@guruconnect/shared';

/** Group and query of a view as one query, to be kept as a filter. */
export function groupAsQuery(
  view: { readonly group: string; readonly query: string },
  counts: ReadonlyMap<string, GroupCount>,
  filters: readonly Pick<SavedFilterView, 'filterId' | 'query'>[],
): string {
  return [queryOfGroup(view.group, counts, filters), view.query].filter(Boolean).join(' ');
}

function queryOfGroup(
  group: string,
  counts: ReadonlyMap<string, GroupCount>,
  filters: readonly Pick<SavedFilterView, 'filterId' | 'query'>[],
): string {
  const colon = group.indexOf(':');
  const kind = group.slice(0, colon);
  const rest = group.slice(colon + 1);
  const title = counts.get(group)?.title ?? rest;
  switch (kind) {
    case 'company':
      return term('company', title);
    case 'site': {
      const company = counts.get(counts.get(group)?.parent ?? '');
      return [...(company ? [term('company', company.title)] : []), term('site', title)].join(' ');
    }
    case 'os':
      return term('os', rest);
    case 'tag':
      return term('tag', rest);
    case 'type':
      return term('type', rest);
    case 'smart':
      return SMART_GROUPS.find(({ id }) => id === rest)?.query ?? '';
    case 'filter':
      return filters.find(({ filterId }) => filterId === rest)?.query ?? '';
    default:
      return '';
  }
}

function term(field: TextField, value: string): string {
  return printMachineQuery({ terms: [{ kind: 'text', field, values: [value], not: false }] });
}
