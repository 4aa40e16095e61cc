import { ask, consoleToServer, handle, type MachineRow, serverToConsole, tell } from '@guruconnect/shared';
import { createMemorySockets } from '@guruconnect/shared/testing';
import { expect, it, vi } from 'vitest';
import { machineIdOf, makeMachineRow } from '../../test/support/make-machine-row.ts';
import { createGroupCounts, mergeCounts } from './group-counts.ts';
import { createMachineFeed } from './machine-feed.ts';

/** A feed over the real message tables, and what the server was asked to watch. */
function startFeed(rows: MachineRow[] = []) {
  const [browser, server] = createMemorySockets();
  const wishes: { machineIds: string[]; counts: boolean }[] = [];
  const online = new Set<() => void>();
  let refuses = false;
  server.on('machines:watch', (wish: unknown, reply: unknown) => {
    wishes.push(wish as { machineIds: string[]; counts: boolean });
    const value = { machines: rows.filter((row) => wishes.at(-1)?.machineIds.includes(row.machineId)) };
    const error = { code: 'unavailable', message: 'Busy.' };
    (reply as (envelope: unknown) => void)(refuses ? { ok: false, error } : { ok: true, value });
  });
  const feed = createMachineFeed({
    connection: {
      ask: (name, payload) => ask(browser, consoleToServer, name, payload),
      on: (name, listener) => {
        const silent = Object.fromEntries(Object.keys(serverToConsole).map((row) => [row, () => undefined]));
        return handle(browser, serverToConsole, { ...silent, [name]: listener } as never, () => undefined);
      },
      onOnline: (listener) => {
        online.add(listener);
        listener();
        return () => online.delete(listener);
      },
    },
    after: (_ms, task) => {
      const timer = setTimeout(task, 1);
      return () => clearTimeout(timer);
    },
  });
  const reconnect = () => {
    for (const listener of [...online]) listener();
  };
  const refuse = (isSo: boolean) => {
    refuses = isSo;
  };
  return { feed, server, wishes, reconnect, refuse };
}

it('asks once for all parts of the page, and for nothing any more when they are gone', async () => {
  const { feed, wishes } = startFeed();
  const list = feed.watch({}, { counts: true });
  const panel = feed.watch({});
  list.show([machineIdOf(1), machineIdOf(2)]);
  panel.show([machineIdOf(2), machineIdOf(3)]);
  await vi.waitFor(() => expect(wishes).toHaveLength(1));
  expect(wishes[0]?.machineIds.toSorted()).toEqual([1, 2, 3].map(machineIdOf));
  expect(wishes[0]?.counts).toBe(true);
  list.stop();
  panel.stop();
  await vi.waitFor(() => expect(wishes.at(-1)).toEqual({ machineIds: [], counts: false }));
});

it('never asks for more than the server takes, and leaves no open panel out', async () => {
  const { feed, wishes } = startFeed();
  feed.watch({}).show(Array.from({ length: 700 }, (_none, number) => machineIdOf(number)));
  feed.watch({}).show([machineIdOf(5_000)]);
  await vi.waitFor(() => expect(wishes).toHaveLength(1));
  expect(wishes[0]?.machineIds).toHaveLength(500);
  expect(wishes[0]?.machineIds).toContain(machineIdOf(5_000));
});

it('tells everybody what the server answers and what it tells', async () => {
  const { feed, server } = startFeed([makeMachineRow(1, { version: 3 })]);
  const told: unknown[] = [];
  const watch = feed.watch({
    changed: (rows) => told.push(['changed', rows.map(({ version }) => version)]),
    gone: (ids) => told.push(['gone', ids]),
    appeared: (rows, more) => told.push(['appeared', rows.length, more]),
    counts: (counts) => told.push(['counts', counts.map(({ count }) => count)]),
  });
  watch.show([machineIdOf(1)]);
  await vi.waitFor(() => expect(told).toEqual([['changed', [3]]]));
  tell(server, serverToConsole, 'machines:changed', { machines: [makeMachineRow(1, { version: 4 })] });
  tell(server, serverToConsole, 'machines:gone', { machineIds: [machineIdOf(1)] });
  tell(server, serverToConsole, 'machines:appeared', { machines: [makeMachineRow(9)], more: true });
  const all = { key: 'all', title: 'All', parent: null, count: 7 };
  tell(server, serverToConsole, 'machines:counts', { counts: [all] });
  await vi.waitFor(() => expect(told).toHaveLength(5));
  expect(told.slice(1)).toEqual([
    ['changed', [4]],
    ['gone', [machineIdOf(1)]],
    ['appeared', 1, true],
    ['counts', [7]],
  ]);
  watch.stop();
  tell(server, serverToConsole, 'machines:gone', { machineIds: [machineIdOf(2)] });
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toHaveLength(5);
});

it('watches again after a reconnect and says that something may have been missed', async () => {
  const { feed, wishes, reconnect } = startFeed();
  const reconnected = vi.fn();
  feed.watch({ reconnected }).show([machineIdOf(1)]);
  await vi.waitFor(() => expect(wishes).toHaveLength(1));
  expect(reconnected).not.toHaveBeenCalled();
  reconnect();
  await vi.waitFor(() => expect(wishes).toHaveLength(2));
  expect(wishes[1]).toEqual(wishes[0]);
  expect(reconnected).toHaveBeenCalledOnce();
});

it('asks again when the server was busy', async () => {
  const { feed, wishes, refuse } = startFeed([makeMachineRow(1)]);
  const changed = vi.fn();
  refuse(true);
  feed.watch({ changed }).show([machineIdOf(1)]);
  await vi.waitFor(() => expect(wishes.length).toBeGreaterThan(1));
  expect(changed).not.toHaveBeenCalled();
  refuse(false);
  await vi.waitFor(() => expect(changed).toHaveBeenCalledOnce());
});

const count = (key: string, amount: number) => ({ key, title: key, parent: null, count: amount });

it('takes groups away that have no machine any more, but not those that always stay', () => {
  const base = new Map(['all', 'tag:a', 'smart:outdated'].map((key) => [key, count(key, 2)]));
  const merged = mergeCounts(base, [
    count('tag:a', 0),
    count('smart:outdated', 0),
    count('all', 0),
    count('tag:b', 1),
  ]);
  expect(Object.fromEntries([...merged].map(([key, one]) => [key, one.count]))).toEqual({
    all: 0,
    'smart:outdated': 0,
    'tag:b': 1,
  });
  expect(base.get('tag:a')?.count).toBe(2);
});

it('keeps a count that was told while the answer was on its way, and loads anew after a reconnect', async () => {
  const { feed, server, reconnect } = startFeed();
  const answers: ((counts: ReturnType<typeof count>[]) => void)[] = [];
  const call = () => new Promise((resolve) => answers.push((counts) => resolve({ counts })));
  const counts = createGroupCounts({
    api: { call: call as never, onSignedOut: () => () => undefined },
    feed,
  });
  counts.start();
  const shown = () => {
    const state = counts.getState();
    return state.status === 'ready'
      ? [...state.counts.values()].map((one) => [one.key, one.count])
      : state.status;
  };
  expect(shown()).toBe('loading');
  tell(server, serverToConsole, 'machines:counts', { counts: [count('all', 5)] });
  await new Promise((resolve) => setImmediate(resolve));
  answers[0]?.([count('all', 4), count('tag:a', 1)]);
  await vi.waitFor(() =>
    expect(shown()).toEqual([
      ['all', 5],
      ['tag:a', 1],
    ]),
  );
  reconnect();
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.([count('all', 9)]);
  await vi.waitFor(() => expect(shown()).toEqual([['all', 9]]));
});
