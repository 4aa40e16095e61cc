import { describe, expect, it } from 'vitest';
import { checkNodeVersion } from './node-version.mjs';
import { isInstalled } from './npm-packages.mjs';

const wanted = {
  packages: {
    '': {},
    shared: { version: '0.1.0' },
    'node_modules/@guruconnect/shared': { link: true },
    'node_modules/express': { version: '5.3.0' },
    'node_modules/tool-win32': { version: '1.0.0', optional: true },
  },
};

describe('npm packages', () => {
  it('are up to date when all that this platform needs is there in its locked version', () => {
    const installed = {
      packages: {
        'node_modules/@guruconnect/shared': { link: true },
        'node_modules/express': { version: '5.3.0' },
      },
    };
    expect(isInstalled(wanted, installed)).toBe(true);
  });

  it('are installed anew when a version changed', () => {
    const installed = {
      packages: {
        'node_modules/@guruconnect/shared': { link: true },
        'node_modules/express': { version: '5.2.0' },
      },
    };
    expect(isInstalled(wanted, installed)).toBe(false);
  });

  it('are installed anew when one is missing', () => {
    expect(isInstalled(wanted, { packages: { 'node_modules/express': { version: '5.3.0' } } })).toBe(false);
  });
});

describe('the version of Node', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.9.0'])('%s is accepted', (version) => {
    expect(() => checkNodeVersion(version)).not.toThrow();
  });

  it.each(['18.20.0', '20.18.3'])('%s is refused with what is needed', (version) => {
    expect(() => checkNodeVersion(version)).toThrow(/20\.19 or newer/);
  });
});
