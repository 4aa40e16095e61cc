import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { silentLog } from '../core/log.ts';
import { createChildHosts } from './child-host.ts';
import type { Host, HostCommand, HostEvent } from './host-messages.ts';

/** Leaves its pid in the folder, repeats what it is told, and is over when it is told to stop. */
const PROGRAM = `
import { writeFileSync } from 'node:fs';
process.on('message', (command) => {
  process.send({ type: 'person', told: { method: 'linkChanged', args: [process.pid] } });
  if (command.type === 'stop') process.send({ type: 'over', outcome: 'ended' }, () => process.exit(0));
});
process.on('disconnect', () => process.exit(1));
writeFileSync(new URL('./pids/' + process.pid, import.meta.url), '');
`;

let folder: string;
let clock: FakeClock;
let openHost: ReturnType<typeof createChildHosts>;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'guruconnect-hosts-'));
  const entry = path.join(folder, 'host.mjs');
  writeFileSync(entry, PROGRAM);
  mkdirSync(path.join(folder, 'pids'));
  clock = new FakeClock();
  openHost = createChildHosts({ entry, execArgv: [], clock, log: silentLog });
});

afterEach(() => {
  for (const pid of living()) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** The processes that have begun and not ended. */
function living(): number[] {
  return readdirSync(path.join(folder, 'pids')).map(Number).filter(isAlive);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Opens one and asks it for its pid. */
async function open(): Promise<{ host: Host; pid: number; gone: Promise<string> }> {
  let tellPid: (pid: number) => void = () => {};
  const pid = new Promise<number>((resolve) => {
    tellPid = resolve;
  });
  let host: Host | undefined;
  const gone = new Promise<string>((resolve) => {
    host = openHost({
      onEvent: (event: HostEvent) => {
        if (event.type === 'person') tellPid(Number(event.told.args[0]));
      },
      onGone: resolve,
    });
  });
  if (!host) throw new Error('No host was opened.');
  host.send({ type: 'start' } as unknown as HostCommand);
  return { host, pid: await pid, gone };
}

it('has a spare one standing by after a while, and opens that when the first is gone', async () => {
  const first = await open();
  expect(living()).toEqual([first.pid]);
  clock.advance(4_000);
  await vi.waitFor(() => expect(living()).toHaveLength(2), 5_000);
  const [spare] = living().filter((pid) => pid !== first.pid);
  process.kill(first.pid, 'SIGKILL');
  expect(await first.gone).toBe('ended by SIGKILL');
  const second = await open();
  expect(second.pid).toBe(spare);
  clock.advance(4_000);
  await vi.waitFor(() => expect(living()).toHaveLength(2), 5_000);
});

it('lets the spare one go when the session is over', async () => {
  const { host, gone } = await open();
  clock.advance(4_000);
  await vi.waitFor(() => expect(living()).toHaveLength(2), 5_000);
  host.send({ type: 'stop', reason: 'agent-stopped' });
  await gone;
  await vi.waitFor(() => expect(living()).toEqual([]), 5_000);
  clock.advance(60_000);
  expect(living()).toEqual([]);
});

it('lets the spare one go when nobody opens another in place of one that is gone', async () => {
  const { pid, gone } = await open();
  clock.advance(4_000);
  await vi.waitFor(() => expect(living()).toHaveLength(2), 5_000);
  process.kill(pid, 'SIGKILL');
  await gone;
  clock.advance(10_000);
  await vi.waitFor(() => expect(living()).toEqual([]), 5_000);
});
