import { formatSessionCode, type SessionView, type Visibility } from '@guruconnect/shared';
import {
  Building2,
  Clock,
  Eye,
  EyeOff,
  type LucideIcon,
  MonitorSmartphone,
  MousePointerClick,
  Users,
} from 'lucide-react';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { Duration } from '../../components/duration.tsx';
import { formatTime } from '../../lib/format-time.ts';
import { VISIBILITY_NAMES } from '../../lib/role-names.ts';
import { describeSession, titleOf } from '../../lib/session-status.ts';
import { KnockList } from './knock-list.tsx';
import { MachinePlace } from './machine-place.tsx';
import { SessionActions } from './session-actions.tsx';
import { TransferLine } from './transfer-line.tsx';

/** One active session: what it is, how it stands, who is in it, what can be done. */
export function SessionCard(props: { session: SessionView; headingLevel: 3 | 4 }) {
  const { session } = props;
  const Heading = props.headingLevel === 3 ? 'h3' : 'h4';
  const status = describeSession(session);
  return (
    <Card as="article" aria-label={titleOf(session)} className="overflow-hidden">
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3 p-4">
        <div className="min-w-0 flex-1 basis-64">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Heading className="truncate font-medium">{titleOf(session)}</Heading>
            <Badge tone={status.tone} pulse={status.label === 'Live' || status.label === 'Asking consent'}>
              {status.label}
            </Badge>
            <VisibilityMark visibility={session.visibility} />
          </div>
          <p className="mt-1 text-muted-foreground text-sm">{status.detail}</p>
          <MachineLine session={session} />
          {session.machineId && <MachinePlace machineId={session.machineId} />}
          <People session={session} />
        </div>
        <Figures session={session} />
        <SessionActions session={session} />
      </div>
      <TransferLine session={session} />
      <KnockList session={session} />
    </Card>
  );
}

const VISIBILITY_ICONS: Record<Visibility, LucideIcon> = { private: EyeOff, team: Users, company: Building2 };

/** Who may see it, as a small mark. */
function VisibilityMark({ visibility }: { visibility: Visibility }) {
  const Icon = VISIBILITY_ICONS[visibility];
  const label = `Seen by: ${VISIBILITY_NAMES[visibility]}`;
  return (
    <span role="img" aria-label={label} title={label}>
      <Icon aria-hidden="true" className="size-4 text-muted-foreground" />
    </span>
  );
}

function MachineLine({ session }: { session: SessionView }) {
  const { machine, endpointAddress } = session;
  if (!machine) return null;
  const facts = [`${machine.user}@${machine.hostname}`, machine.osName, endpointAddress].filter(Boolean);
  return (
    <p className="mt-1.5 flex items-start gap-2 text-sm">
      <MonitorSmartphone aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
      <span className="break-words">{facts.join(' · ')}</span>
    </p>
  );
}

function People({ session }: { session: SessionView }) {
  const present = session.participants.filter((one) => one.connected || one.grant.status === 'asked');
  if (present.length === 0) return null;
  return (
    <ul aria-label="In this session" className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <Users aria-hidden="true" className="size-4 text-muted-foreground" />
      {present.map((one) => (
        <li key={one.id} className="flex items-center gap-1.5">
          {one.name}
          {one.hasControl ? (
            <MousePointerClick aria-label="has control" className="size-3.5 text-success" />
          ) : (
            one.connected && <Eye aria-label="is viewing" className="size-3.5 text-muted-foreground" />
          )}
        </li>
      ))}
    </ul>
  );
}

/** The code while it waits, the running time once it is used. */
function Figures({ session }: { session: SessionView }) {
  const { lifecycle, code, codeExpiresAt } = session;
  if (lifecycle.phase === 'open') {
    return (
      <p className="flex items-center gap-2 text-muted-foreground text-sm">
        <Clock aria-hidden="true" className="size-4" />
        <Duration since={lifecycle.openedAt} />
      </p>
    );
  }
  return (
    <div className="sm:text-right">
      {code && <p className="font-semibold text-xl tabular-nums tracking-wide">{formatSessionCode(code)}</p>}
      <p className="text-muted-foreground text-xs">
        {codeExpiresAt === null
          ? `since ${formatTime(session.createdAt)}`
          : `until ${formatTime(codeExpiresAt)}`}
      </p>
    </div>
  );
}
