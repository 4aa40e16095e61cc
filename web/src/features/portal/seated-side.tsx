import type { PortalConfig } from '@guruconnect/shared';
import { useEffect, useState } from 'react';
import { GuestPanel } from './guest-panel.tsx';
import type { GuestSeat } from './guest-seat.ts';
import { createGuestConnection } from './guest-session.ts';
import { KnockingCard } from './knocking-card.tsx';
import type { PortalFlow } from './portal-flow.ts';

const CONFIG_RETRY_MS = 5_000;

/** Everything that needs a live line; loaded after the code was accepted. */
export function SeatedSide(props: { seat: GuestSeat; flow: PortalFlow; config: PortalConfig | undefined }) {
  const { seat, flow, config } = props;
  const [connection] = useState(() => createGuestConnection(seat));
  useEffect(() => {
    // A page that began without the server asks again what to offer.
    if (config) return undefined;
    const timer = setInterval(() => void flow.loadConfig(), CONFIG_RETRY_MS);
    return () => clearInterval(timer);
  }, [config, flow]);
  return seat.kind === 'guest' ? (
    <GuestPanel connection={connection} code={seat.code} config={config} onLeave={flow.startAgain} />
  ) : (
    <KnockingCard
      connection={connection}
      onAdmitted={flow.admit}
      onRefused={flow.refuse}
      onLeave={flow.startAgain}
    />
  );
}
