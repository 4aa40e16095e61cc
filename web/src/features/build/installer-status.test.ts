import type { InstallerView } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { firstPlatform, whyNot } from './delivery.ts';
import { expiresAt } from './expiry-choices.ts';
import { fileNameOf, installerLines } from './installer-lines.ts';
import { givenLabels, usesText, validityText } from './installer-status.ts';
import { tagsIn } from './tags-in.ts';

const INSTALLER: InstallerView = {
  installerId: '11111111-1111-4111-8111-111111111111',
  name: 'Front office',
  company: { companyId: '22222222-2222-4222-8222-222222222222', name: 'Glazed Donuts' },
  site: 'Berlin',
  department: '',
  deviceType: 'laptop',
  tags: ['vip'],
  machineName: '',
  createdBy: null,
  createdAt: 0,
  expiresAt: null,
  maxUses: null,
  uses: 1,
  revokedAt: null,
  status: 'active',
};

describe('what is said of an installer', () => {
  it.each([
    [{ uses: 1, maxUses: null }, '1 machine'],
    [{ uses: 12, maxUses: null }, '12 machines'],
    [{ uses: 0, maxUses: 1 }, '0 of 1 machine'],
    [{ uses: 3, maxUses: 50 }, '3 of 50 machines'],
  ])('%o are %s', (installer, text) => {
    expect(usesText(installer)).toBe(text);
  });

  it('names only the labels that it gives', () => {
    expect(givenLabels(INSTALLER)).toEqual(['Site: Berlin', 'Type: laptop', '#vip']);
  });

  it('says until when it works, and when it stopped', () => {
    expect(validityText(INSTALLER)).toBe('until it is revoked');
    expect(validityText({ ...INSTALLER, expiresAt: 1 })).toMatch(/^until /);
    expect(validityText({ ...INSTALLER, expiresAt: 1, status: 'expired' })).toMatch(/^expired /);
    expect(validityText({ ...INSTALLER, expiresAt: 1, status: 'revoked', revokedAt: 2 })).toMatch(
      /^revoked /,
    );
  });
});

it('counts the days of an expiry from now', () => {
  expect(expiresAt('7', 1_000)).toBe(1_000 + 7 * 24 * 3_600_000);
  expect(expiresAt('never', 1_000)).toBeNull();
});

it('reads tags between commas, each once in any case', () => {
  expect(tagsIn(' vip, front desk ,VIP,, ')).toEqual(['vip', 'front desk']);
  expect(tagsIn('')).toEqual([]);
});

it('writes command lines that need nothing but to be pasted', () => {
  const token = 'A'.repeat(43);
  const lines = installerLines('https://support.example.com', token);
  const base = `https://support.example.com/download/installer/${token}`;
  expect(lines.silent).toBe('msiexec /i GuruConnect.msi /qn');
  expect(lines.silentFromServer).toBe(`msiexec /i ${base}/GuruConnect.msi /qn`);
  expect(lines.linux).toBe(`curl -fsSL ${base}/install.sh | sudo sh`);
  expect(lines.enrol).toBe(
    `sudo guruconnect-agent --enrol --server https://support.example.com --token ${token}`,
  );
});

it('keeps the token in the name of the EXE, and nowhere else', () => {
  const token = 'A'.repeat(43);
  expect(fileNameOf('exe', token)).toBe(`GuruConnect-Setup-${token}.exe`);
  expect(fileNameOf('msi', token)).toBe('GuruConnect.msi');
});

describe('what a server can make', () => {
  const windows = {
    version: '0.1.0',
    oneTimeBytes: 1,
    form: 'full' as const,
    signedBy: null,
    signingProblem: null,
    msiProblem: null,
  };
  const all = { windows, linux: { version: '0.1.0' }, mail: true };

  it('is not refused before it is known', () => {
    expect(whyNot('msi', undefined)).toBeUndefined();
  });

  it.each([
    ['exe', { ...all, windows: null }, /no Windows programs yet/],
    ['msi', { ...all, windows: null }, /no Windows programs yet/],
    ['msi', { ...all, windows: { ...windows, msiProblem: 'wixl is missing.' } }, /^wixl is missing/],
    ['linux', { ...all, linux: null }, /no Linux agent yet/],
    ['mail', { ...all, mail: false }, /no mail server is configured/],
  ] as const)('gives the reason why there is no %s', (what, releases, reason) => {
    expect(whyNot(what, releases)).toMatch(reason);
    expect(whyNot(what, all)).toBeUndefined();
  });

  it('begins with Windows where there is something for it', () => {
    expect(firstPlatform(all)).toBe('windows-exe');
    expect(firstPlatform({ ...all, windows: null })).toBe('linux');
  });
});
