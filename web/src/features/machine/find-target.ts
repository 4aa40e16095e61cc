/** What a link of another program names a machine by (I1). */
export type FindTarget = { host: string } | { serial: string } | { property: string; value: string };

/** Reads `?host=…`, `?serial=…` or `?property=…&value=…`; undefined when it is none of them. */
export function findTargetOf(search: URLSearchParams): FindTarget | undefined {
  const host = search.get('host')?.trim();
  const serial = search.get('serial')?.trim();
  const property = search.get('property')?.trim();
  const value = search.get('value');
  if (host) return { host };
  if (serial) return { serial };
  if (property && value) return { property, value };
  return undefined;
}
