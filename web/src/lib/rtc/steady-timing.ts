import { BROWSER_TIMING, type Timing } from './timing.ts';

/** The worker, as far as it is needed. */
export interface TimerPort {
  postMessage(order: { readonly id: number; readonly ms: number }): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/**
 * The browser's time, also in a tab that nobody looks at: there page timers fire once a minute at worst, and a
 * heartbeat over the relay (WebRTC exempts its pages) would be taken for dead. `openWorker` is called on first need.
 */
export function createSteadyTiming(
  isHidden = () => document.visibilityState === 'hidden',
  openWorker: () => TimerPort = () =>
    new Worker(new URL('./timer-worker.ts', import.meta.url), { type: 'module' }),
): Timing {
  const waiting = new Map<number, () => void>();
  let port: TimerPort | undefined;
  let ids = 0;
  const worker = () => {
    if (port) return port;
    port = openWorker();
    port.addEventListener('message', ({ data }) => {
      const callback = waiting.get(Number(data));
      waiting.delete(Number(data));
      callback?.();
    });
    return port;
  };
  return {
    ...BROWSER_TIMING,
    after: (ms, callback) => {
      if (!isHidden()) return BROWSER_TIMING.after(ms, callback);
      const id = ++ids;
      waiting.set(id, callback);
      worker().postMessage({ id, ms });
      return () => waiting.delete(id);
    },
  };
}
