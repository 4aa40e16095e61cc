import type { MachineDetails } from '@guruconnect/shared';
import { MonitorUp, Power, X } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { buttonStyles } from '../../components/button-styles.ts';
import { cn } from '../../lib/class-names.ts';
import { useConnectLink } from '../../lib/connect-to.ts';
import { presenceText } from './machine-facts.ts';
import { useWake } from './use-wake.ts';
import { describeWake } from './wake-progress.ts';

/** Which machine it is, whether it is there, and what can be done with it at once. */
export function MachineHeader(props: { details: MachineDetails; now: number; onClose: () => void }) {
  const { details, now } = props;
  const { row, rights } = details;
  const { progress, wake } = useWake(row.machineId, row.online);
  const wakeText = describeWake(progress);
  return (
    <header className="grid gap-3 px-4 pt-4 pb-4 sm:px-5">
      <div className="flex items-start gap-3">
        <span
          aria-hidden="true"
          className={cn('mt-2 size-2.5 shrink-0 rounded-full', row.online ? 'bg-success' : 'bg-input')}
        />
        <div className="min-w-0 flex-1">
          <h2 className="break-words font-semibold text-lg leading-snug [overflow-wrap:anywhere]">
            <bdi>{row.name}</bdi>
          </h2>
          <p className="text-muted-foreground text-sm">{presenceText(row, now)}</p>
          <p className="break-words text-muted-foreground text-sm">
            {row.company.name}
            {row.site && ` › ${row.site.name}`}
          </p>
        </div>
        <Button tone="ghost" size="icon" aria-label="Close the details" onClick={props.onClose}>
          <X aria-hidden="true" />
        </Button>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {rights.connect && <ConnectLink details={details} />}
        {rights.wake && !row.online && (
          <Button
            size="small"
            busy={progress.kind === 'asking' || progress.kind === 'waiting'}
            onClick={wake}
          >
            <Power aria-hidden="true" /> Wake
          </Button>
        )}
      </div>
      <p role="status" className="text-sm empty:hidden">
        {wakeText}
      </p>
    </header>
  );
}

function ConnectLink({ details }: { details: MachineDetails }) {
  const { row } = details;
  const { href, onClick } = useConnectLink({ machineId: row.machineId, name: row.name });
  return (
    <a
      href={href}
      onClick={onClick}
      aria-label={`Connect to ${row.name}`}
      className={buttonStyles({ tone: row.online ? 'primary' : 'secondary', size: 'small' })}
    >
      <MonitorUp aria-hidden="true" /> {row.sessionId ? 'Join' : 'Connect'}
    </a>
  );
}
