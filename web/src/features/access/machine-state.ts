import type { MachineRow } from '@guruconnect/shared';

/** A machine's state in words, the most urgent first: what dot and marks show, for screen readers and tooltips. */
export function stateWords(row: MachineRow): string[] {
  return [
    row.removedAt !== null ? 'Removed' : row.online ? 'Online' : 'Offline',
    ...(row.cloned ? ['Identity used twice'] : []),
    ...(row.attention ? [row.attention.note ? `Flagged: ${row.attention.note}` : 'Flagged'] : []),
    ...(row.outdated ? ['Outdated agent'] : []),
    ...(row.hosts.length > 0 ? [`${row.hosts.map((one) => one.name).join(', ')} connected`] : []),
  ];
}
