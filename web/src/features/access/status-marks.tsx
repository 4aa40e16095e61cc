import type { MachineRow } from '@guruconnect/shared';
import { CircleArrowUp, CopyX, Flag, type LucideIcon, MonitorUp } from 'lucide-react';
import { cn } from '../../lib/class-names.ts';
import { stateWords } from './machine-state.ts';

/** A full green dot for online, a grey ring for offline; its words are those of `stateWords`. */
export function StatusDot({ row }: { row: MachineRow }) {
  const words = stateWords(row).join(', ');
  return (
    <span title={words} className="grid size-4 shrink-0 place-items-center">
      <span
        aria-hidden="true"
        className={cn(
          'rounded-full',
          row.online && row.removedAt === null ? 'size-2.5 bg-success' : 'size-2.5 border-2 border-input',
        )}
      />
      <span className="sr-only">{words}</span>
    </span>
  );
}

/** Signs of what should be noticed: shapes as well as colours. The dot has said it in words already. */
export function StatusMarks({ row }: { row: MachineRow }) {
  return (
    <span aria-hidden="true" className="flex shrink-0 items-center gap-1">
      {row.attention && (
        <Mark icon={Flag} title={row.attention.note || 'Flagged'} className="text-warning-text" />
      )}
      {row.cloned && <Mark icon={CopyX} title="Identity used twice" className="text-danger-text" />}
      {row.outdated && <Mark icon={CircleArrowUp} title="Outdated agent" className="text-muted-foreground" />}
      {row.hosts.length > 0 && (
        <Mark
          icon={MonitorUp}
          title={`Connected: ${row.hosts.map((one) => one.name).join(', ')}`}
          className="text-success-text"
        />
      )}
    </span>
  );
}

function Mark({ icon: Icon, title, className }: { icon: LucideIcon; title: string; className: string }) {
  return (
    <span title={title} className={className}>
      <Icon className="size-3.5" />
    </span>
  );
}
