import type { ApiQuery, MachineRow } from '@guruconnect/shared';
import { expect, it, vi } from 'vitest';
import { machineIdOf, makeMachineRow } from '../../../test/support/make-machine-row.ts';
import type { ApiClient } from '../../lib/api-client.ts';
import { type ListWish, MachineList } from './machine-list.ts';

/** More than this the server counts only when it has to. */
const QUICKLY_COUNTED = 20_000;
const ALL: ListWish = { group: 'all', query: '', sort: null, direction: 'up' };

/** A list over a server that has these machines, with a clock that the test moves. */
function startList(count: number) {
  const machines: MachineRow[] = Array.from({ length: count }, (_none, number) => makeMachineRow(number));
  const asked: NonNullable<ApiQuery<'listMachines'>>[] = [];
  const timers: { at: number; task: () => void }[] = [];
  let now = 0;
  let failure: Error | undefined;
  const call = async (_name: string, input: { query: NonNullable<ApiQuery<'listMachines'>> }) => {
    const { query } = input;
    asked.push(query);
    if (failure) throw failure;
    const found = machines.filter((row) => row.name.includes(query.query ?? ''));
    const offset = query.offset ?? 0;
    const isTotalExact = query.count !== 'quick' || found.length <= QUICKLY_COUNTED;
    const total = isTotalExact ? found.length : QUICKLY_COUNTED;
    return { machines: found.slice(offset, offset + (query.limit ?? 100)), total, isTotalExact, offset };
  };
  const list = new MachineList(
    {
      api: { call: call as ApiClient['call'] },
      after: (ms, task) => {
        const timer = { at: now + ms, task };
        timers.push(timer);
        return () => timers.splice(timers.indexOf(timer), 1);
      },
    },
    ALL,
  );
  const pass = (ms: number) => {
    now += ms;
    for (const timer of timers.filter(({ at }) => at <= now)) {
      timers.splice(timers.indexOf(timer), 1);
      timer.task();
    }
  };
  const fail = (error: Error | undefined) => {
    failure = error;
  };
  return { list, machines, asked, pass, fail };
}

const names = (list: MachineList, first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_none, place) => list.getState().rows.rowAt(first + place)?.name);

async function opened(count: number) {
  const stage = startList(count);
  stage.list.open(ALL);
  await vi.waitFor(() => expect(stage.list.getState().status).toBe('ready'));
  return stage;
}

it('loads the first page, then the pages that are looked at, once the scrolling settles', async () => {
  const { list, asked, pass } = await opened(10_000);
  expect(list.getState().rows.total).toBe(10_000);
  list.need(2_000, 2_040);
  list.need(4_980, 5_020);
  expect(asked).toHaveLength(1);
  pass(60);
  await vi.waitFor(() => expect(names(list, 4_980, 5_020)).not.toContain(undefined));
  expect(asked.slice(1).map(({ offset }) => offset)).toEqual([4_900, 5_000]);
  expect(names(list, 5_000, 5_001)).toEqual(['PC-05000', 'PC-05001']);
});

it('shows what was there until the first page of another list is here', async () => {
  const { list } = await opened(300);
  list.open({ ...ALL, query: 'PC-0000' });
  expect(list.getState()).toMatchObject({ isStale: true, wish: ALL });
  expect(list.getState().rows.total).toBe(300);
  await vi.waitFor(() => expect(list.getState().isStale).toBe(false));
  expect(list.getState().rows.total).toBe(10);
});

it('keeps the answer to the newest wish, whichever comes last', async () => {
  const { list } = await opened(300);
  list.open({ ...ALL, query: 'PC-0000' });
  list.open({ ...ALL, query: 'PC-00017' });
  await vi.waitFor(() => expect(list.getState().isStale).toBe(false));
  expect(list.getState().wish.query).toBe('PC-00017');
  expect(list.getState().rows.total).toBe(1);
});

it('shows the first of very many at once, and how many there are as soon as they are counted', async () => {
  const { list, asked } = startList(30_000);
  const shown: string[] = [];
  list.subscribe(() => {
    const { rows, isCounted } = list.getState();
    shown.push(`${rows.total} ${isCounted ? 'counted' : 'or more'}`);
  });
  list.open(ALL);
  await vi.waitFor(() => expect(list.getState()).toMatchObject({ status: 'ready', isCounted: true }));
  expect(shown.slice(-2)).toEqual(['20000 or more', '30000 counted']);
  expect(asked.map(({ limit, count }) => [limit, count])).toEqual([
    [100, 'quick'],
    [1, 'exact'],
  ]);
});

it('keeps its length when a page comes that does not know it', async () => {
  const { list, asked, pass } = await opened(30_000);
  await vi.waitFor(() => expect(list.getState().isCounted).toBe(true));
  list.need(29_000, 29_020);
  pass(60);
  await vi.waitFor(() => expect(names(list, 29_000, 29_000)).toEqual(['PC-29000']));
  expect(list.getState().rows.total).toBe(30_000);
  expect(asked).toHaveLength(3);
});

it('leaves the sum open when it cannot be counted', async () => {
  const { list, asked, fail } = startList(30_000);
  list.open(ALL);
  const stop = list.subscribe(() => {
    if (list.getState().status === 'ready') fail(new Error('down'));
  });
  await vi.waitFor(() => expect(list.getState().status).toBe('ready'));
  stop();
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  await Promise.resolve();
  expect(list.getState()).toMatchObject({ isCounted: false });
  expect(list.getState().rows.total).toBe(20_000);
});

it('changes rows where they are', async () => {
  const { list } = await opened(50);
  const { generation, revision } = list.getState();
  list.changed([makeMachineRow(7, { version: 2, online: false })]);
  expect(list.getState().rows.rowAt(7)?.online).toBe(false);
  expect(list.getState().generation).toBe(generation);
  expect(list.getState().revision).toBe(revision + 1);
});

it('brings a short list up to date by itself when machines come, at once and then once a second', async () => {
  const { list, machines, asked, pass } = await opened(0);
  machines.push(makeMachineRow(1));
  list.news();
  await vi.waitFor(() => expect(names(list, 0, 0)).toEqual(['PC-00001']));
  machines.push(makeMachineRow(2), makeMachineRow(3));
  for (let times = 0; times < 20; times += 1) list.news();
  expect(asked).toHaveLength(2);
  pass(1_000);
  await vi.waitFor(() => expect(names(list, 0, 2)).toEqual(['PC-00001', 'PC-00002', 'PC-00003']));
  expect(asked).toHaveLength(3);
});

it('leaves a long list as it is and says how many more there are, until somebody wants to see them', async () => {
  const { list, machines } = await opened(5_000);
  machines.unshift(makeMachineRow(90_001, { name: 'A-NEW' }), makeMachineRow(90_002, { name: 'B-NEW' }));
  list.news();
  await vi.waitFor(() => expect(list.getState().drift).toBe(2));
  expect(names(list, 0, 0)).toEqual(['PC-00000']);
  list.refresh();
  await vi.waitFor(() => expect(names(list, 0, 2)).toEqual(['A-NEW', 'B-NEW', 'PC-00000']));
  expect(list.getState().drift).toBe(0);
});

it('loads anew where the person looks, not at the top', async () => {
  const { list, asked, pass } = await opened(5_000);
  list.need(2_390, 2_420);
  pass(60);
  await vi.waitFor(() => expect(names(list, 2_390, 2_420)).not.toContain(undefined));
  const before = asked.length;
  list.refresh();
  await vi.waitFor(() => expect(list.getState().generation).toBe(2));
  expect(asked.slice(before).map(({ offset }) => offset)).toEqual([2_300, 2_400]);
});

it('loads anew when a page shows that machines came in between', async () => {
  const { list, machines, pass } = await opened(5_000);
  machines.unshift(makeMachineRow(90_001, { name: 'A-NEW' }));
  list.need(80, 150);
  pass(60);
  await vi.waitFor(() => expect(list.getState().rows.total).toBe(5_001));
  expect(names(list, 99, 101)).toEqual(['PC-00098', 'PC-00099', 'PC-00100']);
});

it('goes to the end when the list became shorter than the place looked at', async () => {
  const { list, machines, pass } = await opened(5_000);
  list.need(4_900, 4_950);
  pass(60);
  await vi.waitFor(() => expect(names(list, 4_900, 4_950)).not.toContain(undefined));
  machines.length = 150;
  list.refresh();
  await vi.waitFor(() => expect(list.getState().rows.total).toBe(150));
  expect(names(list, 149, 149)).toEqual(['PC-00149']);
});

it('tells why it could not load, and loads when it is asked again', async () => {
  const { list, fail } = startList(5);
  const error = new Error('down');
  fail(error);
  list.open(ALL);
  await vi.waitFor(() => expect(list.getState()).toMatchObject({ status: 'failed', error }));
  fail(undefined);
  list.refresh();
  await vi.waitFor(() => expect(list.getState().status).toBe('ready'));
});

it('keeps the rows that are there when further ones cannot be loaded', async () => {
  const { list, fail, pass } = await opened(1_000);
  fail(new Error('down'));
  list.need(500, 520);
  pass(60);
  await vi.waitFor(() => expect(list.getState().pageError).toBeDefined());
  expect(names(list, 0, 0)).toEqual(['PC-00000']);
  fail(undefined);
  list.retryPages();
  await vi.waitFor(() => expect(names(list, 500, 500)).toEqual(['PC-00500']));
  expect(list.getState().pageError).toBeUndefined();
});

it('loads what is missing when rows are chosen that nobody has seen', async () => {
  const { list } = await opened(1_000);
  const ids = await list.idsBetween(150, 349);
  expect(ids).toHaveLength(200);
  expect(ids[0]).toBe(machineIdOf(150));
  expect(ids.at(-1)).toBe(machineIdOf(349));
});
