import { useCallback, useEffect, useRef, useState } from 'react';
import { useApi } from '../../lib/api-context.ts';
import { WAKE_PATIENCE_MS, type WakeProgress, wakeRefusal } from './wake-progress.ts';

const IDLE: WakeProgress = { kind: 'idle' };

/** Wakes a machine and follows what comes of it; `isOnline` is what the page knows of it, live. */
export function useWake(machineId: string, isOnline: boolean): { progress: WakeProgress; wake: () => void } {
  const api = useApi();
  const [progress, setProgress] = useState(IDLE);
  const askedAt = useRef(0);
  const wake = useCallback(() => {
    askedAt.current = Date.now();
    setProgress({ kind: 'asking' });
    api.call('wakeMachine', { params: { machineId } }).then(
      ({ askedAgents }) => setProgress({ kind: 'waiting', askedAgents }),
      (error: unknown) => setProgress({ kind: 'refused', sentence: wakeRefusal(error) }),
    );
  }, [api, machineId]);

  useEffect(() => {
    if (progress.kind !== 'waiting') return undefined;
    if (isOnline) {
      setProgress({ kind: 'came-online', afterMs: Date.now() - askedAt.current });
      return undefined;
    }
    const { askedAgents } = progress;
    const timer = setTimeout(
      () => setProgress({ kind: 'stayed-away', askedAgents }),
      askedAt.current + WAKE_PATIENCE_MS - Date.now(),
    );
    return () => clearTimeout(timer);
  }, [progress, isOnline]);
  return { progress, wake };
}
