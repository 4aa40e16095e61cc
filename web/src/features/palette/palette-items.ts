import type { MachineRow, SessionView } from '@guruconnect/shared';
import type { LucideIcon } from 'lucide-react';
import { Clock, MonitorOff, MonitorSmartphone, ScreenShare } from 'lucide-react';
import { describeSession, titleOf } from '../../lib/session-status.ts';
import { matchesWords } from './match-words.ts';
import type { Recent } from './palette-store.ts';
import type { Command } from './use-commands.ts';

/** One line of the palette. `also` is what Shift with Enter does, where that is something else. */
export interface PaletteItem {
  readonly key: string;
  readonly group: 'Recent' | 'Machines' | 'Sessions' | 'Commands';
  readonly label: string;
  readonly hint: string;
  readonly icon: LucideIcon;
  readonly run: () => void;
  readonly also?: () => void;
  readonly remembered?: Recent;
}

export interface Doings {
  readonly connect: (machine: { machineId: string; name: string }) => void;
  readonly openMachine: (machineId: string) => void;
  readonly openSession: (session: SessionView) => void;
}

const MAX_SESSIONS = 5;

/** Machines that the server found, best match first: Enter connects to those that are online. */
export function machineItems(rows: readonly MachineRow[], doings: Doings): PaletteItem[] {
  return rows.map((row) => {
    const open = () => doings.openMachine(row.machineId);
    const place = row.site ? `${row.company.name} › ${row.site.name}` : row.company.name;
    return {
      key: `machine-${row.machineId}`,
      group: 'Machines',
      label: row.name,
      hint: `${place} · ${row.online ? 'Online' : 'Offline'}`,
      icon: row.online ? MonitorSmartphone : MonitorOff,
      run: row.online ? () => doings.connect(row) : open,
      also: open,
      remembered: { kind: 'machine', id: row.machineId, label: row.name },
    };
  });
}

export function sessionItems(sessions: readonly SessionView[], wish: string, doings: Doings): PaletteItem[] {
  return sessions
    .filter((one) => one.lifecycle.phase !== 'ended' && (one.rights.control || one.rights.view))
    .filter((one) => matchesWords(`${titleOf(one)} ${one.owner?.name ?? ''} ${one.code ?? ''}`, wish))
    .slice(0, MAX_SESSIONS)
    .map((session) => ({
      key: `session-${session.id}`,
      group: 'Sessions',
      label: titleOf(session),
      hint: describeSession(session).label,
      icon: ScreenShare,
      run: () => doings.openSession(session),
    }));
}

export function commandItems(commands: readonly Command[], wish: string): PaletteItem[] {
  return commands
    .filter(({ label, words }) => matchesWords(`${label} ${words}`, wish))
    .map(({ id, label, icon, run }) => ({
      key: `command-${id}`,
      group: 'Commands',
      label,
      hint: '',
      icon,
      run,
      remembered: { kind: 'command', id, label },
    }));
}

/** What was chosen lately. A machine is only opened, since nobody knows here whether it is online. */
export function recentItems(
  recent: readonly Recent[],
  commands: readonly Command[],
  doings: Doings,
): PaletteItem[] {
  return recent.flatMap((item): PaletteItem[] => {
    const base = { key: `recent-${item.kind}-${item.id}`, group: 'Recent' as const, remembered: item };
    if (item.kind === 'machine')
      return [
        { ...base, label: item.label, hint: 'Machine', icon: Clock, run: () => doings.openMachine(item.id) },
      ];
    const command = commands.find(({ id }) => id === item.id);
    return command ? [{ ...base, label: command.label, hint: '', icon: command.icon, run: command.run }] : [];
  });
}
