import {
  type ApiBody,
  type ApiReply,
  GuruError,
  type Inventory,
  type Reconfiguration,
} from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { silentLog } from '../core/log.ts';
import { CheckInLoop } from './check-in-loop.ts';

const INVENTORY: Inventory = {
  hostname: 'pc-7',
  description: '',
  os: { family: 'linux', name: 'Debian', version: '12', build: '6', installedAt: null },
  processor: { model: '', cores: 1 },
  memoryBytes: 1,
  disks: [],
  manufacturer: '',
  model: '',
  serial: '',
  serviceTag: '',
  networks: [],
  bootedAt: null,
  agentVersion: '1',
};
const REPLY: ApiReply<'checkIn'> = {
  serverTime: 0,
  checkInSeconds: 900,
  wantsInventory: false,
  companyName: 'Acme',
  serverPublicKey: 'key',
  labels: { name: '', company: '', site: '', department: '', deviceType: '', tags: [], properties: {} },
  commands: [],
  wake: [],
};
const MINUTE = 60_000;

/** A loop whose chance is always the middle. */
function start() {
  const clock = new FakeClock();
  const heard: ApiBody<'checkIn'>[] = [];
  const state = {
    reply: REPLY,
    failure: undefined as GuruError | undefined,
    inventory: INVENTORY,
    pending: undefined as Reconfiguration | undefined,
    refused: undefined as string | undefined,
    replies: 0,
  };
  const loop = new CheckInLoop(
    {
      client: {
        checkIn: async (body) => {
          heard.push(body);
          if (state.failure) throw state.failure;
          return state.reply;
        },
      },
      readInventory: async () => state.inventory,
      readStatus: async () => ({ user: '', idleMs: null, memoryFreeBytes: null, diskFreeBytes: {} }),
      pending: {
        load: async () => state.pending,
        done: async () => {
          state.pending = undefined;
        },
        refused: async (_sent, reason) => {
          state.pending = undefined;
          state.refused = reason;
        },
      },
      onReply: async () => {
        state.replies += 1;
      },
      agentVersion: '1',
      clock,
      random: () => 0.5,
      log: silentLog,
    },
    15 * MINUTE,
  );
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return { loop, heard, state, pass };
}

describe('checking in', () => {
  it('tells the inventory when the server wants it, at once, and then only when it changed', async () => {
    const { loop, heard, state, pass } = start();
    state.reply = { ...REPLY, wantsInventory: true };
    loop.soon(0);
    await pass(0);
    expect(heard.map((one) => one.inventory !== undefined)).toEqual([false, true, true]);
    state.reply = REPLY;
    await pass(15 * MINUTE);
    expect(heard.at(-1)?.inventory).toBeDefined();
    await pass(15 * MINUTE);
    expect(heard.at(-1)?.inventory).toBeUndefined();
    state.inventory = { ...INVENTORY, hostname: 'pc-8' };
    await pass(15 * MINUTE);
    expect(heard.at(-1)?.inventory?.hostname).toBe('pc-8');
    expect(heard).toHaveLength(6);
  });

  it('goes by the interval that the server says', async () => {
    const { loop, heard, state, pass } = start();
    state.reply = { ...REPLY, checkInSeconds: 60 };
    loop.soon(0);
    await pass(0);
    await pass(MINUTE - 1);
    expect(heard).toHaveLength(1);
    await pass(1);
    expect(heard).toHaveLength(2);
  });

  it('is done within the time that is asked for, and not later than was due', async () => {
    const { loop, heard, pass } = start();
    loop.soon(10_000);
    await pass(4_999);
    expect(heard).toHaveLength(0);
    loop.soon(MINUTE);
    await pass(1);
    expect(heard).toHaveLength(1);
  });

  it('is tried again after a while, which grows, when the server is away', async () => {
    const { loop, heard, state, pass } = start();
    state.failure = new GuruError('unavailable', 'away');
    loop.soon(0);
    await pass(0);
    for (const ms of [2_500, 5_000, 10_000]) {
      await pass(ms - 1);
      const before = heard.length;
      await pass(1);
      expect(heard.length).toBe(before + 1);
    }
    for (let i = 0; i < 20; i += 1) await pass(2.5 * MINUTE);
    expect(heard).toHaveLength(24);
  });

  it('is done at once when the line is up, unless one was done before and went well', async () => {
    const { loop, heard, state, pass } = start();
    loop.lineIsUp();
    await pass(0);
    expect(heard).toHaveLength(1);
    loop.lineIsUp();
    await pass(0);
    expect(heard).toHaveLength(1);
    state.failure = new GuruError('not-allowed', 'gone');
    await pass(15 * MINUTE);
    await pass(30 * MINUTE);
    expect(heard).toHaveLength(2);
    state.failure = undefined;
    loop.lineIsUp();
    await pass(2_500);
    expect(heard).toHaveLength(3);
  });

  it('rests for as long as the server says', async () => {
    const { loop, heard, state, pass } = start();
    state.failure = new GuruError('too-many-requests', 'busy', { details: { retryAfterSeconds: 30 } });
    loop.soon(0);
    await pass(0);
    await pass(30_000);
    expect(heard).toHaveLength(1);
    await pass(2_500);
    expect(heard).toHaveLength(2);
  });

  it('goes on without a change that the server will never take', async () => {
    const { loop, heard, state, pass } = start();
    state.pending = { name: 'x' };
    state.failure = GuruError.invalid('That name is taken.');
    loop.soon(0);
    await pass(0);
    expect(state.refused).toBe('That name is taken.');
    state.failure = undefined;
    await pass(MINUTE);
    expect(heard.at(-1)?.reconfigure).toBeUndefined();
    expect(state.replies).toBe(1);
  });

  it('stops when it is closed', async () => {
    const { loop, heard, pass } = start();
    loop.soon(1_000);
    loop.close();
    await pass(MINUTE);
    loop.soon(0);
    await pass(MINUTE);
    expect(heard).toHaveLength(0);
  });
});
