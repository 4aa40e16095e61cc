import { useEffect, useSyncExternalStore } from 'react';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Notice } from '../../components/notice.tsx';
import { Spinner } from '../../components/spinner.tsx';
import type { GuestConnection } from './guest-session.ts';
import { useFocusOnMount } from './use-focus-on-mount.ts';

/** Waits at the door while codes are under attack: right and wrong codes look alike here. */
export function KnockingCard(props: {
  connection: GuestConnection;
  onAdmitted: (guestToken: string) => void;
  onRefused: () => void;
  onLeave: (notice?: string) => void;
}) {
  const { connection, onAdmitted, onRefused, onLeave } = props;
  const link = useSyncExternalStore(connection.subscribe, connection.getState).status;
  const heading = useFocusOnMount<HTMLHeadingElement>();

  useEffect(() => {
    const stops = [
      connection.on('knock:admitted', ({ guestToken }) => onAdmitted(guestToken)),
      connection.on('knock:refused', onRefused),
    ];
    connection.connect();
    return () => {
      for (const stop of stops) stop();
      connection.close();
    };
  }, [connection, onAdmitted, onRefused]);
  useEffect(() => {
    if (link === 'refused') onLeave('That took too long. Enter the code again.');
  }, [link, onLeave]);

  return (
    <Card className="grid justify-items-center gap-4 px-6 py-10 text-center">
      <Spinner className="size-8 text-primary" />
      <h1 ref={heading} tabIndex={-1} className="font-semibold text-xl outline-none">
        We have told your technician you are here
      </h1>
      <p className="text-muted-foreground">They let you in with one click. Keep this page open.</p>
      {link === 'offline' && (
        <Notice tone="warning" announce>
          The connection is interrupted. It is being tried again.
        </Notice>
      )}
      <Button onClick={() => onLeave()}>Cancel</Button>
    </Card>
  );
}
