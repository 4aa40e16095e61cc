import type { GuestView } from '@guruconnect/shared';
import { Eye, MousePointerClick } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';

type Participant = GuestView['participants'][number];

/** Who is in the session and what they do; each permission can be taken back. */
export function ParticipantList({ view, onWithdraw }: { view: GuestView; onWithdraw: (id: string) => void }) {
  const present = view.participants.filter((one) => one.grant.status !== 'asked');
  if (present.length === 0) return null;
  return (
    <Card aria-label="People in this session" className="divide-y">
      {present.map((one) => (
        <div key={one.id} className="flex flex-wrap items-center gap-3 px-5 py-3">
          <span className="grid size-9 place-items-center rounded-full bg-muted text-muted-foreground">
            {one.hasControl ? (
              <MousePointerClick aria-hidden="true" className="size-4" />
            ) : (
              <Eye aria-hidden="true" className="size-4" />
            )}
          </span>
          <div className="min-w-0 flex-1">
            <p className="truncate font-medium">{one.name}</p>
            <p className="text-muted-foreground text-sm">{doingOf(one)}</p>
          </div>
          {one.grant.status !== 'refused' && (
            <Button
              size="small"
              onClick={() => onWithdraw(one.id)}
              aria-label={`Stop sharing with ${one.name}`}
            >
              Stop sharing
            </Button>
          )}
        </div>
      ))}
    </Card>
  );
}

function doingOf(one: Participant): string {
  if (one.grant.status === 'refused') return 'You declined';
  if (one.grant.status === 'paused') return 'Paused';
  if (!one.connected) return 'Allowed, not connected right now';
  return one.hasControl ? 'Sees and controls this computer' : 'Sees this screen';
}
