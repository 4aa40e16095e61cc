import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { newRequests, useSupportRequests } from '../../lib/support-requests.ts';
import { useNotifications } from '../../lib/use-notifications.ts';

/** Tells of new requests for help on every page, as people chose to be told (U2, D2). Draws nothing itself. */
export function RequestWatch({ onOpen }: { onOpen: (machineId: string) => void }) {
  const notify = useNotifications();
  const requests = useSupportRequests().data?.requests;
  const seen = useRef<ReadonlySet<string>>(undefined);
  const open = useRef(onOpen);
  useEffect(() => {
    open.current = onOpen;
  });
  useEffect(() => {
    if (!requests) return;
    for (const { requestId, machine, message } of newRequests(seen.current, requests)) {
      const title = `${machine.name} asks for help`;
      const show = () => open.current(machine.machineId);
      toast.info(title, {
        id: requestId,
        description: message.slice(0, 140),
        action: { label: 'Show', onClick: show },
      });
      notify({ title, body: message, tag: `request:${requestId}`, onClick: show });
    }
    seen.current = new Set([...(seen.current ?? []), ...requests.map(({ requestId }) => requestId)]);
  }, [requests, notify]);
  return null;
}
