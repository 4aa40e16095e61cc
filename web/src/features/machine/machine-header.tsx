import type { MachineDetails } from '@guruconnect/shared';
import { Eye, MonitorUp, Power, X } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { buttonStyles } from '../../components/button-styles.ts';
import { cn } from '../../lib/class-names.ts';
import { useConnectLink } from '../../lib/connect-to.ts';
import { useSessionLinkClick } from '../../lib/open-session-context.ts';
import { presenceText } from './machine-facts.ts';
import { MachineTools } from './machine-tools.tsx';
import { RestartMenu } from './restart-menu.tsx';
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
        {rights.connect && row.removedAt === null && <ConnectLink details={details} />}
        {row.sessionId !== null && <ViewLink sessionId={row.sessionId} name={row.name} />}
        {rights.wake && !row.online && row.removedAt === null && (
          <Button
            size="small"
            busy={progress.kind === 'asking' || progress.kind === 'waiting'}
            title={details.canBeWoken ? undefined : 'No other online computer is on its network now'}
            onClick={wake}
          >
            <Power aria-hidden="true" /> Wake
          </Button>
        )}
        {rights.command && row.removedAt === null && <RestartMenu details={details} />}
        <MachineTools details={details} onGone={props.onClose} />
      </div>
      <p role="status" className="rounded-lg bg-accent px-3 py-2 text-accent-foreground text-sm empty:hidden">
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

/** Watches the session that is open on it, without control. */
function ViewLink({ sessionId, name }: { sessionId: string; name: string }) {
  const onClick = useSessionLinkClick(sessionId, 'view');
  return (
    <a
      href={`/app/session/${sessionId}?mode=view`}
      onClick={onClick}
      aria-label={`View the session on ${name}`}
      className={buttonStyles({ size: 'small' })}
    >
      <Eye aria-hidden="true" /> View
    </a>
  );
}
