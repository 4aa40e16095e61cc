import type { GuestView } from '@guruconnect/shared';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { Duration } from '../../components/duration.tsx';
import { describeForGuest } from './guest-status.ts';

export function SessionSummary({ view }: { view: GuestView }) {
  const status = describeForGuest(view);
  return (
    <Card className="p-5 sm:p-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div role="status">
          <Badge tone={status.tone} pulse={status.isLive}>
            {status.label}
          </Badge>
        </div>
        {view.lifecycle.phase === 'open' && (
          <p className="text-muted-foreground text-sm">
            Duration <Duration since={view.lifecycle.openedAt} />
          </p>
        )}
      </div>
      <h1 className="mt-4 font-semibold text-xl">
        {view.technicianName ? `Support session with ${view.technicianName}` : 'Waiting for your technician'}
      </h1>
      <p className="text-muted-foreground">{view.companyName}</p>
    </Card>
  );
}
