import type { InstallerView } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { expiresAt } from './expiry-choices.ts';
import { installerLines } from './installer-lines.ts';
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
  const { install, enrol } = installerLines('https://support.example.com', token);
  expect(enrol).toBe(`sudo guruconnect-agent --enrol --server https://support.example.com --token ${token}`);
  expect(install).toContain('https://support.example.com/download/guruconnect-agent-linux-x64.tar.gz');
  expect(install).toMatch(
    new RegExp(`--install-service --server https://support\\.example\\.com --token ${token}$`),
  );
});
