import type { SessionView } from '@guruconnect/shared';

/** Who was in a session: its owner first, then everybody else who took part. */
export function peopleOf({ owner, participants }: SessionView): string {
  const names = [...(owner ? [owner.name] : []), ...participants.map(({ name }) => name)];
  return [...new Set(names)].join(', ') || 'Nobody';
}
