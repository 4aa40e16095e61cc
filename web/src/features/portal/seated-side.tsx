import { useState } from 'react';
import { GuestPanel } from './guest-panel.tsx';
import type { GuestSeat } from './guest-seat.ts';
import { createGuestConnection } from './guest-session.ts';
import { KnockingCard } from './knocking-card.tsx';
import type { PortalFlow } from './portal-flow.ts';

/** Everything that needs a live line; loaded after the code was accepted. */
export function SeatedSide({ seat, flow }: { seat: GuestSeat; flow: PortalFlow }) {
  const [connection] = useState(() => createGuestConnection(seat));
  return seat.kind === 'guest' ? (
    <GuestPanel connection={connection} code={seat.code} onLeave={flow.startAgain} />
  ) : (
    <KnockingCard
      connection={connection}
      onAdmitted={flow.admit}
      onRefused={flow.refuse}
      onLeave={flow.startAgain}
    />
  );
}
