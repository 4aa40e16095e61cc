import { MachineInfo } from '@guruconnect/shared';
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { parsePrettyName, readMachineInfo } from './machine-info.ts';

it.each([
  [
    'NAME="Debian"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
    'Debian GNU/Linux 12 (bookworm)',
  ],
  ["PRETTY_NAME='Arch Linux'", 'Arch Linux'],
  ['PRETTY_NAME=Void', 'Void'],
  ['PRETTY_NAME="A \\"quoted\\" \\$name"', 'A "quoted" $name'],
  ['PRETTY_NAME=""', undefined],
  ['MY_PRETTY_NAME="x"', undefined],
])('the name of the system is read from %j', (text, name) => {
  expect(parsePrettyName(text)).toBe(name);
});

it('this machine can say what it is', async () => {
  const info = await readMachineInfo('1.2.3');
  expect(z.parse(MachineInfo, info)).toEqual(info);
  expect(info).toMatchObject({ os: 'linux', agentVersion: '1.2.3' });
  expect(info.hostname).not.toBe('');
});
