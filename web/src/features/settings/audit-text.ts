const ID_SHOWN = 8;

/** Who did it when it is nobody with a name: `machine:<id>` as `machine 3998c9ea`, which is enough to tell two apart. */
export function actorText(actor: string): string {
  const [kind = '', id = ''] = actor.split(':');
  return kind === 'agent' ? kind : `${kind} ${id.slice(0, ID_SHOWN)}`.trim();
}

/** What was noted about an entry, without what is empty. */
export function detailsText(details: Readonly<Record<string, unknown>>): string {
  return Object.entries(details)
    .map(([name, value]) => [name, valueText(value)] as const)
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${name}: ${text}`)
    .join(' · ');
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  return JSON.stringify(value);
}
