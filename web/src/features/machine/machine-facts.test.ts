import { describe, expect, it } from 'vitest';
import { makeMachine } from '../../../test/support/make-machine.ts';
import { factSections, pendingText, presenceText } from './machine-facts.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;

function linesOf(name: string, details = makeMachine()): readonly string[] | undefined {
  return factSections(details, NOW)
    .flatMap(({ facts }) => facts)
    .find((fact) => fact.name === name)?.lines;
}

describe('what the panel says of a machine', () => {
  it('leaves empty what is not known, without an inventory too', () => {
    const bare = makeMachine({}, { inventory: null, status: null, macs: [], installer: null });
    for (const name of ['Processor', 'Memory', 'Disks', 'Serial number', 'MAC addresses', 'Enrolled with'])
      expect(linesOf(name, bare)).toEqual([]);
    expect(linesOf('Operating system', bare)).toEqual(['Debian GNU/Linux 12']);
  });

  it('says how much memory and disk there is, and how much of it is free where that is known', () => {
    expect(linesOf('Memory')).toEqual(['8 GB, 2 GB free']);
    expect(linesOf('Disks')).toEqual(['/dev/sda: 512 GB, 256 GB free', '/dev/sdb: 1 TB']);
  });

  it('gives every address a line of its own, to be copied', () => {
    expect(linesOf('Private IPs')).toEqual(['10.0.0.5', 'fd00::5']);
    const network = factSections(makeMachine(), NOW).find(({ title }) => title === 'Network');
    expect(network?.facts.filter((fact) => fact.isCopied).map(({ name }) => name)).toEqual([
      'Public IP',
      'Private IPs',
      'MAC addresses',
    ]);
  });

  it('says nothing of who sits there while the machine is away', () => {
    const away = makeMachine({ online: false });
    expect(linesOf('Somebody at the screen', away)).toEqual([]);
    expect(linesOf('Idle for', away)).toEqual([]);
    expect(linesOf('Somebody at the screen')).toEqual(['Yes']);
    expect(linesOf('Idle for')).toEqual(['5 minutes']);
  });
});

it.each([
  [{}, undefined, ['0.9.0']],
  [{ outdated: true }, undefined, ['0.9.0 (outdated)']],
  [{}, { state: 'updating', reason: '' }, ['0.9.0 (outdated, being updated)']],
  [
    { outdated: true },
    { state: 'failed', reason: 'The new version did not connect.' },
    ['0.9.0 (outdated, the update failed)', 'The new version did not connect.'],
  ],
] as const)('says of a version with %o and update %o: %j', (row, update, lines) => {
  const details = makeMachine({ agentVersion: '0.9.0', ...row }, update ? { update } : {});
  expect(linesOf('Agent version', details)).toEqual(lines);
});

it.each([
  [{ online: true, seenAt: NOW - 3 * HOUR }, 'Online for 3 hours'],
  [{ online: false, seenAt: NOW - 50 * HOUR }, 'Offline, last seen 2 days ago'],
  [{ online: false, seenAt: null }, 'Never online yet'],
])('says of %o: %s', (row, text) => {
  expect(presenceText(makeMachine(row).row, NOW)).toBe(text);
});

it('says what is on its way, and since when', () => {
  expect(pendingText({ what: 'wake', since: NOW - 2 * 60_000 }, NOW)).toBe('Being woken, 2 minutes ago');
  expect(pendingText({ what: 'check-in', since: NOW }, NOW)).toBe('Asked to check in, just now');
});
