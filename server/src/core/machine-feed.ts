import type { MachineFeed } from './machine-ports.ts';

/** Tells listeners of this process which machines changed. A listener that fails does not keep the others from it. */
export function createMachineFeed(onFault: (error: unknown) => void): MachineFeed {
  const listeners = new Set<Parameters<MachineFeed['onChanged']>[0]>();
  return {
    changed: (machineIds, kind = 'changed') => {
      if (machineIds.length === 0) return;
      for (const listener of [...listeners]) {
        try {
          listener(machineIds, kind);
        } catch (error) {
          onFault(error);
        }
      }
    },
    onChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
