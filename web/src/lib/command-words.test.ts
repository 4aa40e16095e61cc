import type { MachineCommandView } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { commandText, shownCommand, warningOf } from './command-words.ts';

const COMMAND: MachineCommandView = {
  commandId: '11111111-1111-4111-8111-111111111111',
  machineId: '22222222-2222-4222-8222-222222222222',
  kind: 'normal',
  status: 'waiting',
  reason: '',
  issuedBy: null,
  issuedAt: 1_000_000,
  expiresAt: 2_000_000,
  answeredAt: null,
};
const MINUTE = 60_000;

describe('what is said of a command', () => {
  it.each([
    [
      { status: 'waiting', reason: 'The machine is offline.' },
      'Restart: waiting for the machine. The machine is offline.',
    ],
    [{ status: 'sent' }, 'Restart: sent, waiting for its answer.'],
    [{ status: 'accepted' }, 'Restart: accepted, the machine goes down now.'],
    [
      { status: 'refused', kind: 'safe', reason: 'This is no Windows.' },
      'Restart into Safe Mode: refused by the machine. This is no Windows.',
    ],
    [{ status: 'cancelled' }, 'Restart: taken back.'],
  ] as const)('%o is “%s”', (part, text) => {
    expect(commandText({ ...COMMAND, ...part })).toBe(text);
  });

  it('warns of what is lost, and of a machine that is away', () => {
    expect(warningOf('emergency', true)).toContain('not saved is lost');
    expect(warningOf('normal', false)).toContain('offline');
    expect(warningOf('normal', true)).not.toContain('offline');
  });
});

describe('the command that is shown', () => {
  it('is the open one, however old', () => {
    expect(shownCommand([COMMAND], 1e12)).toBe(COMMAND);
  });

  it('is the last one for ten minutes after its answer', () => {
    const answered = { ...COMMAND, status: 'accepted' as const, answeredAt: 1_500_000 };
    expect(shownCommand([answered], 1_500_000 + 9 * MINUTE)).toBe(answered);
    expect(shownCommand([answered], 1_500_000 + 11 * MINUTE)).toBeUndefined();
  });

  it('is the newest of several', () => {
    const newer = { ...COMMAND, commandId: '33333333-3333-4333-8333-333333333333', issuedAt: 1_200_000 };
    expect(shownCommand([COMMAND, newer], 1_300_000)).toBe(newer);
  });
});
