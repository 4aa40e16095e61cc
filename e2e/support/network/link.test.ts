import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cleanup } from '../../../tools/stack/cleanup.ts';
import { ManagedProcess } from '../../../tools/stack/managed-process.ts';
import { namespacesUnavailable } from '../network-namespace.ts';
import { until } from '../until.ts';
import { EmulatedLink, type LinkShape } from './link.ts';
import { Namespace } from './namespace.ts';

const reason = namespacesUnavailable();
if (reason) console.warn(`The link tests are left out: ${reason}.`);
const PROBE = fileURLToPath(new URL('link-probe.mjs', import.meta.url));
const [A, B] = ['10.78.0.1', '10.78.0.2'];
/** IPv4 and UDP headers, which the line carries as well. */
const HEADERS = 28;
const NO_SHAPE = { rate: 0, delayMs: 0, jitterMs: 0, loss: 0, queueMs: 0, queueBytes: 0, cut: false };

interface ProbeResult {
  readonly numbers: number[];
  readonly delaysMs: number[];
  readonly arrivedMs: number[];
}

describe.skipIf(reason !== undefined)('an emulated link', () => {
  const cleanup = new Cleanup();
  const spaces = {} as { a: Namespace; b: Namespace };
  let link: EmulatedLink;

  beforeAll(async () => {
    for (const role of ['a', 'b'] as const) {
      spaces[role] = await Namespace.create(`gc-link-${process.pid}-${role}`);
      cleanup.defer(() => spaces[role].remove());
    }
    const end = (namespace: Namespace) => ({ namespace: namespace.name, device: 't0' });
    link = await EmulatedLink.start(end(spaces.a), end(spaces.b), 7);
    cleanup.defer(() => link.close());
    const ends = [
      [spaces.a, A, B],
      [spaces.b, B, A],
    ] as const;
    for (const [namespace, own, other] of ends) {
      await namespace.ip('address', 'add', own, 'peer', other, 'dev', 't0');
      await namespace.ip('link', 'set', 't0', 'txqueuelen', '5000', 'up');
    }
  });
  afterAll(() => cleanup.run());
  beforeEach(() => link.set({ ...NO_SHAPE, burst: { enter: 0, leave: 0, loss: 0 } }));

  /** Sends numbered packets from a to b at an even pace; tells how they fared. */
  async function send(count: number, bytes: number, perSecond: number) {
    link.measure();
    const command = spaces.b.inside(...promptly('receive'));
    const receiver = new ManagedProcess({ name: 'receiver', ...command });
    try {
      await receiver.waitFor(/ready/);
      const numbers = [count, bytes, perSecond].map(String);
      const [program, args] = promptly('send', ...numbers);
      await spaces.a.run(program, ...args);
      const [, json = '{}'] = await receiver.waitFor(/result (.*)\n/);
      return { ...(JSON.parse(json) as ProbeResult), counts: (await link.report()).ab };
    } finally {
      await receiver.stop();
    }
  }

  it.each([300_000, 5_000_000, 50_000_000])('carries %i bit/s within 5 percent', async (rate) => {
    await link.set({ rate, queueMs: 100 } satisfies LinkShape);
    const bytes = 1_200;
    const tooMany = (1.5 * rate) / 8 / bytes;
    const { arrivedMs, counts } = await send(Math.round(tooMany * 2), bytes, tooMany);
    const seconds = ((arrivedMs.at(-1) ?? 0) - (arrivedMs[0] ?? 0)) / 1000;
    const carried = ((arrivedMs.length - 1) * (bytes + HEADERS) * 8) / seconds;
    expect(Math.abs(carried / rate - 1)).toBeLessThan(0.05);
    expect(counts.dropped).toBeGreaterThan(0);
    expect(counts.packets).toBe(arrivedMs.length);
  });

  it('counts what it passed and what it could have passed', async () => {
    await link.set({ rate: 2_000_000 });
    const { counts, numbers } = await send(400, 472, 200);
    expect(numbers).toHaveLength(400);
    expect(counts.bytes).toBe(400 * 500);
    // 2 s of sending, 0.9 s of silence afterwards, and what the programs need to start.
    expect(counts.capacityBytes).toBeGreaterThan(2 * 250_000);
    expect(counts.capacityBytes).toBeLessThan(6 * 250_000);
  });

  it('delays by what it was told, within 1 ms, in both directions alike', async () => {
    await link.set({ delayMs: 40 });
    const { delaysMs, counts } = await send(400, 200, 200);
    // A busy machine makes some receipts late; none comes early.
    expect(Math.abs(lowestTenth(delaysMs) - 40)).toBeLessThan(1);
    expect(counts.lateMs.mean).toBeLessThan(0.5);
    const ping = await spaces.a.run('ping', '-q', '-c', '20', '-i', '0.02', B).catch(() => undefined);
    // Some machines have no ping; the other half has been shown.
    if (ping) expect(Math.abs(Number(/= [\d.]+\/([\d.]+)\//.exec(ping)?.[1]) - 80)).toBeLessThan(2);
  });

  it('shakes packets by the jitter, and none overtakes another', async () => {
    await link.set({ delayMs: 30, jitterMs: 10 });
    const { delaysMs, numbers } = await send(1_000, 200, 100);
    expect(numbers).toEqual(numbers.toSorted((x, y) => x - y));
    expect(Math.min(...delaysMs)).toBeGreaterThan(19.5);
    expect(lowestTenth(delaysMs)).toBeLessThan(25);
    expect(Math.max(...delaysMs)).toBeGreaterThan(37);
  });

  it('holds packets no longer than its queue, and tells how long each waited', async () => {
    await link.set({ rate: 1_000_000, queueMs: 150 });
    const { delaysMs, counts } = await send(400, 972, 200);
    expect(counts.dropped).toBeGreaterThan(100);
    expect(counts.queueMs.max).toBeLessThan(160);
    expect(counts.queueMs.p50).toBeGreaterThan(120);
    // What it says it added is what the packets felt, their own 8 ms of sending aside.
    expect(Math.abs(median(delaysMs) - 8 - counts.queueMs.p50)).toBeLessThan(3);
  });

  it('loses 5 percent by chance, one packet at a time', async () => {
    await link.set({ loss: 0.05 });
    const { numbers, counts } = await send(6_000, 100, 2_000);
    // Three standard deviations of 6,000 throws.
    expect(Math.abs(counts.lost / 6_000 - 0.05)).toBeLessThan(0.0085);
    expect(counts.lost).toBe(6_000 - numbers.length);
    expect(mean(holes(numbers))).toBeLessThan(1.2);
  });

  it('loses 5 percent in bursts of five', async () => {
    await link.set({ burst: { enter: 0.2 * (0.05 / 0.95), leave: 0.2, loss: 1 } });
    const { numbers, counts } = await send(12_000, 100, 4_000);
    expect(counts.lost / 12_000).toBeGreaterThan(0.03);
    expect(counts.lost / 12_000).toBeLessThan(0.075);
    expect(Math.abs(mean(holes(numbers)) - 5)).toBeLessThan(1.5);
  });

  it('follows a script of steps: cut for half a second, then slower', async () => {
    const sending = send(500, 972, 250);
    await until('packets pass', () => (link.samples.at(-1)?.ab.packets ?? 0) > 0);
    link.at(500, { cut: true });
    link.at(1_000, { cut: false, rate: 1_000_000 });
    const { numbers, counts, arrivedMs } = await sending;
    expect(counts.cut).toBeGreaterThan(90);
    expect(counts.cut).toBeLessThan(150);
    expect(numbers.length).toBe(500 - counts.cut);
    const gaps = arrivedMs.slice(1).map((at, index) => at - (arrivedMs[index] ?? at));
    expect(Math.max(...gaps)).toBeGreaterThan(480);
    // The sender may have been held up itself.
    expect(Math.max(...gaps)).toBeLessThan(700);
    // 8 ms a packet is what the slower line takes.
    expect(Math.abs(median(gaps.slice(-50)) - 8)).toBeLessThan(0.5);
  });

  it('refuses what it does not understand, and goes on', async () => {
    await expect(link.set({ loss: Number.NaN })).rejects.toThrow(/does not understand/);
    const { numbers } = await send(10, 100, 100);
    expect(numbers).toHaveLength(10);
  });
});

/** The probe measures the line, not how busy the machine is: it goes before other programs. */
function promptly(role: string, ...numbers: string[]): [program: string, args: string[]] {
  return ['nice', ['-n', '-18', process.execPath, PROBE, role, B, '5000', ...numbers]];
}

/** How many packets each gap lacks. */
function holes(numbers: readonly number[]): number[] {
  return numbers.slice(1).flatMap((number, index) => {
    const missing = number - (numbers[index] ?? number) - 1;
    return missing > 0 ? [missing] : [];
  });
}

function lowestTenth(values: readonly number[]): number {
  return values.toSorted((x, y) => x - y)[Math.floor(values.length / 10)] ?? Number.NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? Number.NaN;
}
