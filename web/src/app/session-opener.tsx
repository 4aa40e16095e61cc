import { lazy, useCallback } from 'react';
import { Outlet, useNavigate } from 'react-router';
import { type ConnectTarget, ConnectToContext, connectPath } from '../lib/connect-to.ts';
import { MachinePanelContext } from '../lib/machine-panel-context.ts';
import { OpenSessionContext } from '../lib/open-session-context.ts';
import { useMachineStarts } from './machine-starts-context.ts';
import { useOpenSession } from './use-open-session.ts';
import { usePrepareConnect } from './use-prepare-connect.ts';

const MachinePanel = lazy(async () => ({
  default: (await import('../features/machine/machine-panel.tsx')).MachinePanel,
}));

/** Lets the pages below open sessions and connect to machines in this tab, and show what is known of a machine. */
export function SessionOpener() {
  const starts = useMachineStarts();
  const navigate = useNavigate();
  const open = useOpenSession();
  usePrepareConnect();
  const connectTo = useCallback(
    ({ machineId, name }: ConnectTarget) => {
      void starts.begin(machineId);
      void navigate(connectPath(machineId), name === undefined ? {} : { state: { name } });
    },
    [starts, navigate],
  );
  return (
    <OpenSessionContext value={open}>
      <ConnectToContext value={connectTo}>
        <MachinePanelContext value={MachinePanel}>
          <Outlet />
        </MachinePanelContext>
      </ConnectToContext>
    </OpenSessionContext>
  );
}
