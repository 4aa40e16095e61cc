import type { MachineLines } from '../../../src/core/machine-ports.ts';

export interface HostCall {
  readonly machineId: string;
  readonly sessionId: string;
  readonly token: string;
}

/** The lines of always-on agents, held by the test: machines are online when it says so, and calls to them are kept. */
export interface FakeLines extends MachineLines {
  readonly calls: HostCall[];
  readonly stops: { machineId: string; sessionId: string }[];
  /** The line breaks at the moment of the next call. */
  breakAtNextCall(): void;
  comeOnline(machineId: string): void;
  goOffline(machineId: string): void;
  /** The newest call to start a host of the machine; waits for one beyond the first `after`. */
  nextCall(machineId: string, after?: number): Promise<HostCall>;
}

export function createFakeLines(): FakeLines {
  const online = new Set<string>();
  const calls: HostCall[] = [];
  const stops: { machineId: string; sessionId: string }[] = [];
  const listeners = new Set<(machineId: string) => void>();
  const waiting = new Set<() => void>();
  let isBreaking = false;
  return {
    calls,
    stops,
    breakAtNextCall: () => {
      isBreaking = true;
    },
    comeOnline: (machineId) => {
      online.add(machineId);
      for (const listener of listeners) listener(machineId);
    },
    goOffline: (machineId) => void online.delete(machineId),
    nextCall: (machineId, after = 0) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('The machine was not called.')), 8_000);
        const look = () => {
          const call = calls.filter((one) => one.machineId === machineId)[after];
          if (!call) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(call);
        };
        waiting.add(look);
        look();
      }),
    isOnline: (machineId) => online.has(machineId),
    update: (machineId) => online.has(machineId),
    startSession: (machineId, { sessionId, token }) => {
      if (isBreaking || !online.has(machineId)) {
        isBreaking = false;
        return false;
      }
      calls.push({ machineId, sessionId, token });
      for (const look of [...waiting]) look();
      return true;
    },
    stopSession: (machineId, sessionId) => void stops.push({ machineId, sessionId }),
    checkIn: (machineId) => online.has(machineId),
    addressOf: (machineId) => (online.has(machineId) ? '192.0.2.7' : undefined),
    drop: (machineId) => void online.delete(machineId),
    onOnline: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
