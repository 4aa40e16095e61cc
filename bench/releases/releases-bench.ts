import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newInstaller } from '../../server/test/support/new-installer.ts';
import { createPgliteData } from '../../server/test/support/test-databases.ts';
import { ApiClient } from '../../tools/stack/api-client.ts';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import { startServerProcess } from '../../tools/stack/server-process.ts';
import type { BenchOptions } from '../support/report.ts';
import { round, summarize } from '../support/statistics.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ADMIN = { username: 'admin', password: 'correct horse battery 1', name: 'Ada Admin' };
const PROBE_EVERY_MS = 5;

interface Fetched {
  readonly ms: number;
  readonly bytes: number;
}

/** How long downloads take that the server makes, the first time and again, and whether others wait meanwhile. */
export async function releasesBench(options: BenchOptions): Promise<unknown> {
  if (!existsSync(join(ROOT, 'dist', 'windows', 'release.json'))) {
    throw new Error('Nothing is built for Windows: npm run build:windows');
  }
  options.notes.push(
    'Times are from the request to the last byte on the loopback address. first: nothing was made yet, processes that make it are started; again: kept, with another token or code.',
    'healthz: how long a request that needs nothing took, one after the other while everything was made for the first time; before: on the same server at rest.',
  );
  const cleanup = new Cleanup();
  const stopListening = options.onInterrupt(() => cleanup.run());
  try {
    const database = await createPgliteData();
    cleanup.defer(() => database.remove());
    const server = await startServerProcess({ root: ROOT, dataDir: database.dataDir });
    cleanup.defer(() => server.process.stop());
    const admin = new ApiClient(server.url);
    await admin.setUp(server.setupToken ?? '', ADMIN);
    return await measure(server.url, await makeTokens(admin, options.quick ? 5 : 20), options);
  } finally {
    stopListening();
    await cleanup.run();
  }
}

async function makeTokens(admin: ApiClient, count: number): Promise<string[]> {
  const { companyId } = await admin.call('createCompany', { body: { name: 'Bench' } });
  const body = newInstaller(companyId, { name: 'Bench' });
  const tokens: string[] = [];
  for (let at = 0; at < count; at += 1) tokens.push((await admin.call('createInstaller', { body })).token);
  return tokens;
}

async function measure(url: string, tokens: readonly string[], options: BenchOptions) {
  const ofInstaller = (file: string) => (at: number) => `/download/installer/${tokens[at]}/${file}`;
  const downloads: Record<string, (at: number) => string> = {
    'one-time EXE': (at) => `/download/windows/GuruConnect-${100_000 + at}.exe`,
    manifest: () => '/download/release/win32-x64/manifest.json',
    'Setup EXE': ofInstaller('GuruConnect.exe'),
    MSI: ofInstaller('GuruConnect.msi'),
    MST: ofInstaller('guruconnect.mst'),
    deb: ofInstaller('guruconnect.deb'),
    run: (at) => `/download/linux/GuruConnect-${100_000 + at}.run`,
  };
  const before = probe(url);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const atRest = await before.stop();
  const during = probe(url);
  const results: Record<string, unknown> = {};
  const firsts = new Map<string, Fetched>();
  for (const [name, path] of Object.entries(downloads)) {
    firsts.set(name, await fetchWhole(url + path(0)));
    options.log(`${name}: ${Math.round(firsts.get(name)?.ms ?? 0)} ms the first time`);
  }
  const whileMaking = await during.stop();
  for (const [name, path] of Object.entries(downloads)) {
    const again: number[] = [];
    for (let at = 1; at < tokens.length; at += 1) again.push((await fetchWhole(url + path(at))).ms);
    const first = firsts.get(name);
    results[name] = {
      bytes: first?.bytes,
      firstMs: first && round(first.ms),
      againMs: { ...summarize(again), max: round(Math.max(...again)) },
    };
  }
  return { downloads: results, healthzMs: { before: atRest, whileMaking } };
}

async function fetchWhole(url: string): Promise<Fetched> {
  const startedAt = performance.now();
  // A connection that was idle for as long as the server keeps one may be closed while it is taken.
  const response = await fetch(url).catch(() => fetch(url));
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  const { byteLength } = await response.arrayBuffer();
  return { ms: performance.now() - startedAt, bytes: byteLength };
}

/** Asks for something trivial all the time, until stopped. */
function probe(url: string) {
  const times: number[] = [];
  let isStopped = false;
  const running = (async () => {
    while (!isStopped) {
      times.push((await fetchWhole(`${url}/healthz`)).ms);
      await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
    }
  })();
  return {
    stop: async () => {
      isStopped = true;
      await running;
      return { ...summarize(times), max: round(Math.max(...times)) };
    },
  };
}
