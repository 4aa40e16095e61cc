import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { createSteadyTiming, type TimerPort } from './steady-timing.ts';

const workers: Worker[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.terminate();
});

/** A real thread that does what the worker's file does. */
function openWorker(): TimerPort {
  const code = `const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ id, ms }) => setTimeout(() => parentPort.postMessage(id), ms));`;
  const worker = new Worker(code, { eval: true });
  workers.push(worker);
  return {
    postMessage: (order) => worker.postMessage(order),
    addEventListener: (_type, listener) => worker.on('message', (data) => listener({ data })),
  };
}

it('keeps time by a worker while nobody looks, and by itself otherwise', async () => {
  let hidden = false;
  const timing = createSteadyTiming(() => hidden, openWorker);
  await new Promise<void>((resolve) => timing.after(1, resolve));
  expect(workers).toHaveLength(0);
  hidden = true;
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    timing.after(60, () => {
      order.push('late');
      resolve();
    });
    timing.after(10, () => order.push('early'));
    timing.after(20, () => order.push('called off'))();
  });
  expect(order).toEqual(['early', 'late']);
  expect(workers).toHaveLength(1);
});
