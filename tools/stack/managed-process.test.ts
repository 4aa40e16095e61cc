import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { Cleanup } from './cleanup.ts';
import { ManagedProcess } from './managed-process.ts';

const cleanup = new Cleanup();
afterAll(() => cleanup.run());

function node(script: string): ManagedProcess {
  const child = new ManagedProcess({ name: 'script', program: process.execPath, args: ['-e', script] });
  cleanup.defer(() => child.stop(0));
  return child;
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a managed process', () => {
  it('hands over what it printed, from both streams', async () => {
    const child = node(`console.log('port 4711'); console.error('a warning');`);
    const [, port] = await child.waitFor(/port (\d+)/);
    expect(port).toBe('4711');
    expect(await child.ended).toEqual({ code: 0, signal: null });
    expect(child.output).toContain('a warning');
  });

  it('says what was printed instead when it ends too early', async () => {
    const child = node(`console.log('no such file'); process.exit(3);`);
    await expect(child.waitFor(/ready/)).rejects.toThrow(/ended \(3\) before[\s\S]*no such file/);
  });

  it('says what was printed so far when the time is over', async () => {
    const child = node(`console.log('still busy'); setInterval(() => {}, 1000);`);
    await child.waitFor(/busy/);
    await expect(child.waitFor(/ready/, 50)).rejects.toThrow(/within 50 ms[\s\S]*still busy/);
  });

  it('is asked to end first, so that it can end in order', async () => {
    const child = node(`process.on('SIGTERM', () => { console.log('tidied'); process.exit(0); });
      console.log('ready'); setInterval(() => {}, 1000);`);
    await child.waitFor(/ready/);
    expect(await child.stop()).toEqual({ code: 0, signal: null });
    expect(child.output).toContain('tidied');
  });

  it('is ended with all that it started when it does not listen', async () => {
    const child = node(`process.on('SIGTERM', () => {});
      const inner = require('node:child_process').spawn('sleep', ['60']);
      console.log('inner ' + inner.pid); setInterval(() => {}, 1000);`);
    const [, inner = ''] = await child.waitFor(/inner (\d+)/);
    expect((await child.stop(100)).signal).toBe('SIGKILL');
    const deadline = Date.now() + 5_000;
    while (isAlive(Number(inner)) && Date.now() < deadline) await delay(20);
    expect(isAlive(Number(inner))).toBe(false);
  });

  it('that cannot start says why', async () => {
    const child = new ManagedProcess({ name: 'nothing', program: '/no/such/program' });
    await expect(child.waitFor(/ready/)).rejects.toThrow(/ENOENT/);
  });
});

describe('cleaning up', () => {
  it('undoes in reverse order, once, and goes on after a failure', async () => {
    const order: string[] = [];
    const tasks = new Cleanup();
    tasks.defer(() => order.push('first'));
    tasks.defer(() => {
      throw new Error('stuck');
    });
    tasks.defer(async () => order.push('last'));
    await expect(tasks.run()).rejects.toThrow(AggregateError);
    await tasks.run();
    expect(order).toEqual(['last', 'first']);
  });
});
