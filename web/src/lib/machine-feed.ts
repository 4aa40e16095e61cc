import type { GroupCount, MachineRow } from '@guruconnect/shared';
import type { ConsoleConnection } from './console-connection.ts';

/** What a part of the page that shows machines is told. */
export interface MachineListener {
  /** New rows; one with a lower version than the row that is known is stale. */
  changed?(rows: readonly MachineRow[]): void;
  /** Out of the person's scope, or gone for good. */
  gone?(machineIds: readonly string[]): void;
  /** Enrolled, brought back, or new in the person's scope; `more` when there are more than these. */
  appeared?(rows: readonly MachineRow[], more: boolean): void;
  counts?(counts: readonly GroupCount[]): void;
  /** The line is back: what was told while it was down is lost. */
  reconnected?(): void;
}

export interface MachineWatch {
  /** The machines that this part of the page shows now; replaces those before. */
  show(machineIds: readonly string[]): void;
  stop(): void;
}

/** The machines that the page shows, live: one subscription of the server for all parts of the page. */
export interface MachineFeed {
  watch(listener: MachineListener, options?: { counts?: boolean }): MachineWatch;
}

type FeedSource = Pick<ConsoleConnection, 'ask' | 'on' | 'onOnline'>;

interface Watcher {
  readonly listener: MachineListener;
  readonly counts: boolean;
  machineIds: readonly string[];
}

/** The server's limit for one subscription. */
const MAX_WATCHED = 500;
/** Parts of the page that mount together share one request. */
const GATHER_MS = 30;
const RETRY_MS = 5_000;

export function createMachineFeed(deps: {
  connection: FeedSource;
  after: (ms: number, task: () => void) => () => void;
}): MachineFeed {
  const { connection, after } = deps;
  const watchers = new Set<Watcher>();
  let stopListening: (() => void) | undefined;
  let cancelSend: (() => void) | undefined;
  let sent = '';

  const each = (tell: (listener: MachineListener) => void) => {
    for (const { listener } of [...watchers]) tell(listener);
  };

  async function send(): Promise<void> {
    cancelSend = undefined;
    const wish = wishOf(watchers);
    const text = JSON.stringify(wish);
    if (text === sent) return;
    sent = text;
    try {
      const { machines } = await connection.ask('machines:watch', wish);
      if (machines.length > 0) each((listener) => listener.changed?.(machines));
    } catch {
      // The line broke or the server is busy: asked again with the next reconnect, or in a while.
      sent = '';
      if (watchers.size > 0) sendWithin(RETRY_MS);
    }
  }
  function sendWithin(ms: number): void {
    cancelSend?.();
    cancelSend = after(ms, () => void send());
  }

  function listen(): () => void {
    let wasOnline = false;
    const stops = [
      connection.on('machines:changed', ({ machines }) => each((one) => one.changed?.(machines))),
      connection.on('machines:gone', ({ machineIds }) => each((one) => one.gone?.(machineIds))),
      connection.on('machines:appeared', ({ machines, more }) =>
        each((one) => one.appeared?.(machines, more)),
      ),
      connection.on('machines:counts', ({ counts }) => each((one) => one.counts?.(counts))),
      connection.onOnline(() => {
        sent = '';
        sendWithin(GATHER_MS);
        if (wasOnline) each((one) => one.reconnected?.());
        wasOnline = true;
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  return {
    watch: (listener, options = {}) => {
      const watcher: Watcher = { listener, counts: options.counts === true, machineIds: [] };
      watchers.add(watcher);
      stopListening ??= listen();
      sendWithin(GATHER_MS);
      return {
        show: (machineIds) => {
          if (!watchers.has(watcher)) return;
          watcher.machineIds = machineIds;
          sendWithin(GATHER_MS);
        },
        stop: () => {
          if (!watchers.delete(watcher)) return;
          sendWithin(GATHER_MS);
          if (watchers.size > 0) return;
          stopListening?.();
          stopListening = undefined;
        },
      };
    },
  };
}

/** What all parts want together; those that want few (an open panel) go first where it is too much. */
function wishOf(watchers: ReadonlySet<Watcher>): { machineIds: string[]; counts: boolean } {
  const ids = new Set<string>();
  for (const { machineIds } of [...watchers].toSorted((a, b) => a.machineIds.length - b.machineIds.length))
    for (const id of machineIds) if (ids.size < MAX_WATCHED) ids.add(id);
  return { machineIds: [...ids], counts: [...watchers].some((one) => one.counts) };
}
