import type { MachineCommandKind, MachineCommandView } from '@guruconnect/shared';

/** What each command is called: as a choice, and where it is told of. */
export const COMMANDS: Record<MachineCommandKind, { choice: string; name: string }> = {
  normal: { choice: 'Restart…', name: 'Restart' },
  emergency: { choice: 'Emergency restart…', name: 'Emergency restart' },
  safe: { choice: 'Safe Mode…', name: 'Restart into Safe Mode' },
  'safe-network': { choice: 'Safe Mode with networking…', name: 'Restart into Safe Mode with networking' },
  'safe-command': {
    choice: 'Safe Mode with command prompt…',
    name: 'Restart into Safe Mode with command prompt',
  },
  'return-to-normal': { choice: 'Back to normal mode…', name: 'Return to normal mode' },
};

export const SAFE_MODES = ['safe', 'safe-network', 'safe-command', 'return-to-normal'] as const;

/** What the person is asked before a command goes out. */
export function warningOf(kind: MachineCommandKind, isOnline: boolean): string {
  const later = isOnline ? '' : ' The machine is offline: it gets the command if it comes back soon.';
  return WARNINGS[kind] + later;
}

const BACK_BY_ITSELF =
  ' It returns to normal mode by itself with the restart after that, or when nobody reaches it there.';
const WARNINGS: Record<MachineCommandKind, string> = {
  normal: 'Programs are asked to close first; what is not saved may be lost. An open session comes back.',
  emergency:
    'It restarts at once, without asking programs or people: everything that is not saved is lost, and files may be damaged. For a machine that does not answer otherwise.',
  safe: `Only the most necessary drivers are loaded, without a network: it cannot be reached from here until it is back.${BACK_BY_ITSELF}`,
  'safe-network': `Only the most necessary drivers and the network are loaded; GuruConnect runs there, too.${BACK_BY_ITSELF}`,
  'safe-command': `A command prompt instead of the desktop, without a network: it cannot be reached from here until it is back.${BACK_BY_ITSELF}`,
  'return-to-normal': 'It restarts into normal mode.',
};

/** How far a command has come, in a sentence; what the machine or the server says of it goes before. */
export function commandText({ kind, status, reason }: MachineCommandView): string {
  const { name } = COMMANDS[kind];
  const why = reason === '' ? '' : ` ${reason}`;
  switch (status) {
    case 'waiting':
      return `${name}: waiting for the machine.${why}`;
    case 'sent':
      return `${name}: sent, waiting for its answer.${why}`;
    case 'accepted':
      return `${name}: accepted, the machine goes down now.${why}`;
    case 'refused':
      return `${name}: refused by the machine.${why}`;
    case 'failed':
      return `${name}: did not work.${why}`;
    case 'expired':
      return `${name}: not done, the machine did not come in time.${why}`;
    case 'cancelled':
      return `${name}: taken back.${why}`;
  }
}

/** So long the outcome of a command is shown. */
const SHOWN_MS = 10 * 60_000;

/** The command that the panel tells of: the open one, or the last one while it is fresh. */
export function shownCommand(
  commands: readonly MachineCommandView[],
  now: number,
): MachineCommandView | undefined {
  const [newest] = commands.toSorted((left, right) => right.issuedAt - left.issuedAt);
  if (!newest || isOpen(newest)) return newest;
  const endedAt = newest.answeredAt ?? Math.min(newest.expiresAt, now);
  return now - Math.max(endedAt, newest.issuedAt) < SHOWN_MS ? newest : undefined;
}

/** Whether the machine has not answered it, and might yet. */
export function isOpen({ status }: MachineCommandView): boolean {
  return status === 'waiting' || status === 'sent';
}
