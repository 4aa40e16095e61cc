import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack } from '../../e2e/support/stack.ts';
import { newInstaller } from '../../server/test/support/new-installer.ts';
import { runAgentCommand, startServiceProcess } from '../../tools/stack/always-on-agent.ts';
import { Cleanup } from '../../tools/stack/cleanup.ts';
import { growthOf } from '../soak/growth.ts';
import { heldBy } from '../soak/process-state.ts';
import { measureCpu } from '../support/process-cpu.ts';
import type { BenchOptions } from '../support/report.ts';
import { round } from '../support/statistics.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const IDLE_SECONDS = 60;
const MB = 1024 * 1024;

/**
 * What an always-on agent costs the computer that it runs on: while it waits to be called, and while its server is down
 * for a long time. Whatever grows then is a leak.
 */
export async function agentBench(options: BenchOptions): Promise<unknown> {
  const minutes = options.minutes ?? (options.quick ? 2 : 30);
  const cleanup = new Cleanup();
  const interrupted = options.onInterrupt(() => cleanup.run());
  try {
    const stateDir = mkdtempSync(join(tmpdir(), 'gc-bench-agent-'));
    cleanup.defer(() => rmSync(stateDir, { recursive: true, force: true }));
    const stack = await Stack.start(ROOT, {});
    let isUp = true;
    cleanup.defer(() => (isUp ? stack.close() : undefined));
    await enrol(stack, stateDir);
    const service = await startServiceProcess({ root: ROOT, stateDir });
    cleanup.defer(() => service.stop());
    options.log('agent: idle');
    await elapse(5_000);
    const { percent } = await measureCpu({ agent: service.pid }, () =>
      elapse((options.quick ? 10 : IDLE_SECONDS) * 1_000),
    );
    const idle = { ...lookAt(service.pid), cpuPercentOfOneCore: percent.agent };
    isUp = false;
    await stack.close();
    return { minutes, idle, serverDown: await withoutServer(service.pid, minutes, options.log) };
  } finally {
    interrupted();
    await cleanup.run();
  }
}

async function withoutServer(pid: number, minutes: number, log: (line: string) => void) {
  const samples: ReturnType<typeof lookAt>[] = [];
  const count = Math.max(8, minutes * 2);
  const { percent } = await measureCpu({ agent: pid }, async () => {
    for (let taken = 0; taken < count; taken += 1) {
      await elapse((minutes * 60_000) / count);
      samples.push(lookAt(pid));
      if (taken % 10 === 9) log(`agent: ${taken + 1} of ${count} looks without a server`);
    }
  });
  const growth = (name: keyof ReturnType<typeof lookAt>) => {
    const { first, last, trend } = growthOf(samples.map((one) => one[name]));
    return { first: round(first), last: round(last), trend: round(trend) };
  };
  return {
    cpuPercentOfOneCore: percent.agent,
    residentMb: growth('residentMb'),
    proportionalMb: growth('proportionalMb'),
    openFiles: growth('openFiles'),
    threads: growth('threads'),
    /** Of every half minute. */
    residentMbSeries: samples.map((one) => one.residentMb),
  };
}

function lookAt(pid: number) {
  const { memoryBytes, openFiles, threads } = heldBy(pid);
  const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    residentMb: round((Number(resident ?? 0) * 1024) / MB),
    proportionalMb: round(memoryBytes / MB),
    openFiles,
    threads,
  };
}

async function enrol(stack: Stack, stateDir: string): Promise<void> {
  const { companyId } = await stack.admin.call('createCompany', { body: { name: 'Acme' } });
  const { token } = await stack.admin.call('createInstaller', { body: newInstaller(companyId) });
  await runAgentCommand(['--enrol', '--server', stack.url, '--token', token], { root: ROOT, stateDir });
}

function elapse(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
