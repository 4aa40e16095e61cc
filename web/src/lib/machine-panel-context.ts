import { type ComponentType, createContext, useContext } from 'react';

export interface MachinePanelProps {
  readonly machineId: string;
  readonly onClose: () => void;
}

/**
 * The panel with everything about one machine, for whoever lists machines: features do not import one another, so
 * `app/` hands it down. It is loaded when it is first drawn: wrap it in `Suspense`. It fills its container on wide
 * pages and covers the page on phones.
 */
export const MachinePanelContext = createContext<ComponentType<MachinePanelProps> | undefined>(undefined);

export function useMachinePanel(): ComponentType<MachinePanelProps> {
  const panel = useContext(MachinePanelContext);
  if (!panel) throw new Error('useMachinePanel needs a MachinePanelContext above it.');
  return panel;
}
