import { createContext, useContext } from 'react';
import type { MachineStarts } from './machine-starts.ts';

export const MachineStartsContext = createContext<MachineStarts | undefined>(undefined);

export function useMachineStarts(): MachineStarts {
  const starts = useContext(MachineStartsContext);
  if (!starts) throw new Error('useMachineStarts needs a MachineStartsContext above it.');
  return starts;
}
