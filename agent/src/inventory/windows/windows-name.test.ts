import { expect, it } from 'vitest';
import { readWindowsName } from './windows-name.ts';

function registry(values: Readonly<Record<string, string | number>>) {
  return {
    registryText: (_key: string, name: string) => {
      const value = values[name];
      return typeof value === 'string' ? value : '';
    },
    registryNumber: (_key: string, name: string) => {
      const value = values[name];
      return typeof value === 'number' ? value : undefined;
    },
  };
}

it('knows Windows 11 by its build, for its registry says 10', () => {
  const values = {
    ProductName: 'Windows 10 Pro',
    DisplayVersion: '23H2',
    CurrentBuildNumber: '22631',
    UBR: 4317,
    InstallDate: 1_700_000_000,
    InstallationType: 'Client',
  };
  expect(readWindowsName(registry(values))).toEqual({
    name: 'Windows 11 Pro',
    version: '23H2',
    build: '22631.4317',
    installedAt: 1_700_000_000_000,
  });
});

it('leaves older ones and servers what they are', () => {
  const old = { ProductName: 'Windows 10 Home', ReleaseId: '1809', CurrentBuildNumber: '17763', UBR: 1 };
  expect(readWindowsName(registry(old))).toMatchObject({ name: 'Windows 10 Home', version: '1809' });
  const server = {
    ProductName: 'Windows Server 2025 Standard',
    CurrentBuildNumber: '26100',
    InstallationType: 'Server',
  };
  expect(readWindowsName(registry(server))).toMatchObject({
    name: 'Windows Server 2025 Standard',
    build: '26100',
    installedAt: null,
  });
});

it('says what it can where the registry says nothing', () => {
  expect(readWindowsName(registry({}))).toEqual({
    name: 'Windows',
    version: '',
    build: '',
    installedAt: null,
  });
});
