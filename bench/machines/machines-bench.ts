import { dirname } from 'node:path';
import { setTimeout as elapse } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '../../e2e/support/launch-browser.ts';
import { openTestDatabase } from '../../server/test/support/open-test-database.ts';
import { DATABASE_KINDS, type DatabaseKind } from '../../server/test/support/test-databases.ts';
import { ApiClient } from '../../tools/stack/api-client.ts';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import { startServerProcess } from '../../tools/stack/server-process.ts';
import type { BenchOptions } from '../support/report.ts';
import { summarize } from '../support/statistics.ts';
import { measureAccess } from './measure-access.ts';
import { createDraw } from './random.ts';
import { type SearchSamples, searchSamples } from './search-samples.ts';
import { seedMachines } from './seed-machines.ts';
import { sqlClientOf } from './sql-client.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ADMIN = { username: 'admin', password: 'correct horse battery 1', name: 'Ada Admin' };
const NAMES = { PGlite: 'pglite', PostgreSQL: 'postgres' } as const;
const OPENED = 10_000;
/** As often as a page that is open may ask. */
const COUNTS_EVERY_MS = 1_000;
/** Longer than the server keeps counts fresh for somebody who asked: the next request counts anew. */
const COUNTS_FORGOTTEN_MS = 5_500;
const OFFLINE_WITHIN_MS = 240_000;

/** Finding machines among very many, over the HTTP API of a real server, and how the page that lists them opens. */
export async function machinesBench(options: BenchOptions): Promise<unknown> {
  const rows = options.quick ? 20_000 : 100_000;
  options.notes.push(
    `${rows} machines of ${rows / 200} companies with ${rows / 50} sites; times are of whole HTTP requests by an administrator, one after the other.`,
    'word: one in ten is for a word that a large part of the machines has. field: one term or two. group: any of the sidebar.',
    'word and field ask as the page does: the first 100 with a total that is exact up to 10000, the exact one after that (exactWord, exactField: with the exact one at once).',
    `counts: all groups, asked for each ${COUNTS_EVERY_MS} ms, as by a page that is open; the server keeps them less than a second old meanwhile. countsFirst: when nobody has asked for ${COUNTS_FORGOTTEN_MS} ms. countsOfHalf: for a technician of half of the companies.`,
    `open: a browser with an empty cache on ${OPENED} machines; scrolling in pixels a second.`,
  );
  const results: unknown[] = [];
  for (const kind of DATABASE_KINDS) {
    const searched = await withSeeded(kind, rows, options, (scene) => measureSearch(scene, options));
    const opened = await withSeeded(kind, OPENED, options, (scene) => measureOpening(scene, options));
    results.push({ database: NAMES[kind.name], rows, search: searched, ...opened });
  }
  return results;
}

interface Scene {
  readonly url: string;
  readonly admin: ApiClient;
  readonly technician: ApiClient;
  readonly samples: SearchSamples;
}

/** A server on a database with so many machines, set up and with a technician who reaches half of the companies. */
async function withSeeded<T>(
  kind: DatabaseKind,
  rows: number,
  options: BenchOptions,
  measure: (scene: Scene) => Promise<T>,
): Promise<T> {
  const cleanup = new Cleanup();
  const stopListening = options.onInterrupt(() => cleanup.run());
  try {
    const database = await kind.create();
    cleanup.defer(() => database.remove());
    options.log(`${kind.name}: ${rows} machines`);
    const handle = await openTestDatabase(database);
    const client = sqlClientOf(handle.db);
    await seedMachines(client, { machines: rows, log: options.log });
    await client.query(`UPDATE companies SET access = 'assigned' WHERE id::text < '8'`);
    const samples = await searchSamples(client, createDraw(2), options.quick ? 40 : 200);
    await handle.close();
    const env = database.databaseUrl === undefined ? {} : { DATABASE_URL: database.databaseUrl };
    const server = await startServerProcess({ root: ROOT, dataDir: database.dataDir, env });
    cleanup.defer(() => server.process.stop());
    const admin = new ApiClient(server.url);
    await admin.setUp(server.setupToken ?? '', ADMIN);
    const half = { username: 'half', password: 'correct horse battery 2' };
    await admin.call('createUser', { body: { ...half, name: 'Half', role: 'technician', teamId: null } });
    const technician = new ApiClient(server.url);
    await technician.signIn(half);
    return await measure({ url: server.url, admin, technician, samples });
  } finally {
    stopListening();
    await cleanup.run();
  }
}

async function measureSearch({ admin, technician, samples }: Scene, options: BenchOptions) {
  const { counts } = await admin.call('countMachines', {});
  const draw = createDraw(3);
  const groups = samples.word.map(() => draw.pick(counts).key);
  const exact = (texts: readonly string[]) => texts.map((query) => ({ query, limit: 100 }));
  const quick = (texts: readonly string[]) => exact(texts).map((query) => ({ ...query, count: 'quick' }));
  const searches = {
    word: await timed(admin, quick(samples.word), options),
    field: await timed(admin, quick(samples.field), options),
    exactWord: await timed(admin, exact(samples.word), options),
    exactField: await timed(admin, exact(samples.field), options),
    group: await timed(
      admin,
      groups.map((group) => ({ group, limit: 100 })),
      options,
    ),
  };
  await allAreOffline(admin);
  const result = {
    ...searches,
    counts: await timedCounts(admin, COUNTS_EVERY_MS, options.quick ? 12 : 40),
    countsFirst: await timedCounts(admin, COUNTS_FORGOTTEN_MS, options.quick ? 4 : 10),
    countsOfHalf: await timedCounts(technician, COUNTS_EVERY_MS, options.quick ? 12 : 40),
  };
  options.log(JSON.stringify(result));
  return result;
}

/** The seeded machines never come: a while after the start the server writes so of each, which would be measured along. */
async function allAreOffline(admin: ApiClient): Promise<void> {
  const deadline = performance.now() + OFFLINE_WITHIN_MS;
  for (;;) {
    const { total } = await admin.call('listMachines', { query: { query: 'is:online', limit: 1 } });
    if (total === 0) return;
    if (performance.now() > deadline) throw new Error(`${total} machines are still said to be online.`);
    await elapse(COUNTS_EVERY_MS);
  }
}

async function timed(client: ApiClient, queries: readonly object[], options: BenchOptions) {
  const times: { ms: number; query: object }[] = [];
  for (const [at, query] of queries.entries()) {
    const begun = performance.now();
    const { status } = await client.send('listMachines', { query });
    if (status !== 200) throw new Error(`${JSON.stringify(query)} was answered with ${status}.`);
    // The first requests warm the caches, as on any server that runs for a while.
    if (at >= 5) times.push({ ms: performance.now() - begun, query });
  }
  const slowest = times.toSorted((a, b) => b.ms - a.ms).slice(0, 5);
  options.log(
    `slowest: ${slowest.map(({ ms, query }) => `${Math.round(ms)} ms ${JSON.stringify(query)}`).join(', ')}`,
  );
  return summarize(times.map(({ ms }) => ms));
}

async function timedCounts(client: ApiClient, everyMs: number, rounds: number) {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await elapse(everyMs);
    const begun = performance.now();
    const { status } = await client.send('countMachines', {});
    if (status !== 200) throw new Error(`The counts were answered with ${status}.`);
    if (round >= 2) times.push(performance.now() - begun);
  }
  return summarize(times);
}

async function measureOpening({ url }: Scene, options: BenchOptions) {
  const browser = await launchBrowser();
  try {
    const { usableMs, bytes, requests, scrolling } = await measureAccess(browser, { url, user: ADMIN });
    const slowest = scrolling.map(({ framesPerSecond }) => framesPerSecond).toSorted((a, b) => a - b)[0];
    return { open: { usableMs, bytes, requests }, scrollFps: slowest ?? null, scrolling };
  } catch (error) {
    options.notes.push(
      `open and scrollFps were not taken: ${error instanceof Error ? error.message : error}`,
    );
    return { open: { usableMs: null, bytes: null }, scrollFps: null };
  } finally {
    await browser.close();
  }
}
