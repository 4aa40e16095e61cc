import type { SessionView } from '@guruconnect/shared';
import { useCallback } from 'react';
import { useLocation, useNavigate, useParams } from 'react-router';
import { object, safeParse, string } from 'zod/mini';
import { ConnectPage } from '../features/machine/connect-page.tsx';
import { useMachineStarts } from './machine-starts-context.ts';
import { paths } from './paths.ts';

/** `/connect/:machineId`: a session on a machine, from a click in the dashboard or a link of another program (I1). */
export function ConnectRoute() {
  const { machineId = '' } = useParams();
  const starts = useMachineStarts();
  const navigate = useNavigate();
  const arrival = safeParse(object({ name: string() }), useLocation().state);
  const start = useCallback(() => starts.begin(machineId), [starts, machineId]);
  const onSettled = useCallback(
    (session: SessionView | undefined) => {
      starts.forget(machineId);
      if (!session) return;
      const mode = session.rights.control ? 'control' : 'view';
      void navigate(paths.session(session.id, mode), { replace: true });
    },
    [starts, machineId, navigate],
  );
  return (
    <ConnectPage
      key={machineId}
      machineId={machineId}
      knownName={arrival.data?.name}
      start={start}
      onSettled={onSettled}
    />
  );
}
