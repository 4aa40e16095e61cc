import { afterEach, describe, expect, it } from 'vitest';
import { fileTree } from '../../test/support/file-tree.ts';
import { findDesktop, type Logon } from './find-desktop.ts';
import { parseUtmp, userAtScreen } from './utmp.ts';
import { findCookie } from './x-authority.ts';

const removals: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove();
});

type Files = Parameters<typeof fileTree>[0];

async function find(tree: Files, display?: string): Promise<Logon> {
  const { files, remove } = await fileTree(tree);
  removals.push(remove);
  return findDesktop({ files, display, authFile: undefined });
}

const PASSWD = { '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nada:x:1000:1000::/home/ada:/bin/sh\n' };
const program = (pid: number, args: string[], variables: string[] = []): Files => ({
  [`/proc/${pid}/cmdline`]: `${args.join('\0')}\0`,
  [`/proc/${pid}/environ`]: `${variables.join('\0')}\0`,
});
const session = (id: string, values: string): Files => ({ [`/run/systemd/sessions/${id}`]: `${values}\n` });
const ADA = 'USER=ada\nACTIVE=1\nSTATE=active\nREMOTE=0\nTYPE=x11\nCLASS=user\nSEAT=seat0\nDISPLAY=:0';
const GREETER = 'USER=gdm\nACTIVE=1\nSTATE=active\nREMOTE=0\nTYPE=x11\nCLASS=greeter\nSEAT=seat0\nDISPLAY=:0';
const SSH = 'USER=bob\nACTIVE=1\nSTATE=active\nREMOTE=1\nTYPE=tty\nCLASS=user';
const XORG = program(900, ['/usr/lib/xorg/Xorg', ':0', '-auth', '/run/user/1000/gdm/Xauthority', 'vt2']);

describe('the desktop on the screen', () => {
  it('is the active login’s, with the cookie file of its X server', async () => {
    const logon = await find({
      ...session('2', ADA),
      ...session('5', SSH),
      ...XORG,
      '/run/user/1000/gdm/Xauthority': '',
    });
    expect(logon).toEqual({
      user: 'ada',
      desktop: { kind: 'x11', display: ':0', authFile: '/run/user/1000/gdm/Xauthority' },
    });
  });

  it('has nobody at it while it waits for somebody to log on', async () => {
    const logon = await find({ ...session('c1', GREETER), ...XORG });
    expect(logon).toEqual({ user: '', desktop: { kind: 'x11', display: ':0', authFile: undefined } });
  });

  it('is found without a login service, with the cookie of who runs programs there', async () => {
    const logon = await find({
      ...PASSWD,
      ...program(50, ['/usr/bin/Xvfb', ':7', '-screen', '0']),
      // The owner of these files is whoever runs the test, which is root.
      ...program(60, ['xfce4-session'], ['HOME=/root', 'DISPLAY=:7.0', 'XAUTHORITY=/root/.Xauthority']),
      '/tmp/.X11-unix/X7': '',
      '/tmp/.X11-unix/X3': '',
      '/root/.Xauthority': '',
    });
    expect(logon.desktop).toEqual({ kind: 'x11', display: ':7', authFile: '/root/.Xauthority' });
    expect(logon.user).not.toBe('');
  });

  it('is said to be Wayland where it is, and to be none where there is none', async () => {
    const wayland = await find({ ...session('2', ADA.replace('x11', 'wayland').replace('DISPLAY=:0', '')) });
    expect(wayland).toMatchObject({ user: 'ada', desktop: { kind: 'none', reason: /Wayland/ } });
    const none = await find({ '/tmp/.X11-unix/X0': '' });
    expect(none).toMatchObject({ user: '', desktop: { kind: 'none', reason: /no desktop/ } });
  });

  it('is the one that was asked for, and nobody is at it while nothing runs there', async () => {
    expect(await find({ ...session('2', ADA), ...XORG }, ':5')).toEqual({
      user: '',
      desktop: { kind: 'x11', display: ':5', authFile: undefined },
    });
  });
});

function utmpRecord(type: number, line: string, user: string, host: string): Buffer {
  const record = Buffer.alloc(384);
  record.writeInt16LE(type, 0);
  record.write(line, 8);
  record.write(user, 44);
  record.write(host, 76);
  return record;
}

it('the one at the screen is told from those who came from afar', () => {
  const bytes = Buffer.concat([
    utmpRecord(2, '~', 'reboot', ''),
    utmpRecord(7, 'pts/0', 'bob', '10.0.0.9'),
    utmpRecord(7, 'tty1', 'eve', ''),
    utmpRecord(7, 'tty2', 'ada', ':0'),
    utmpRecord(8, 'tty3', 'gone', ''),
  ]);
  const users = parseUtmp(bytes);
  expect(users.map((one) => one.user)).toEqual(['bob', 'eve', 'ada']);
  expect(userAtScreen(users)).toBe('ada');
  expect(userAtScreen(users.slice(0, 2))).toBe('eve');
  expect(userAtScreen(users.slice(0, 1))).toBe('');
  for (let length = 0; length < bytes.length; length += 97) parseUtmp(bytes.subarray(0, length));
});

function authEntry(family: number, number: string, name: string, data: Buffer): Buffer {
  const field = (value: Buffer) => Buffer.concat([Buffer.of(value.length >> 8, value.length & 255), value]);
  const parts = [Buffer.from('host'), Buffer.from(number), Buffer.from(name), data].map(field);
  return Buffer.concat([Buffer.of(family >> 8, family & 255), ...parts]);
}

it('a display’s cookie is found among others, and a file that is cut has none', () => {
  const cookie = Buffer.from('0123456789abcdef');
  const bytes = Buffer.concat([
    authEntry(0, '0', 'MIT-MAGIC-COOKIE-1', Buffer.from('of a network')),
    authEntry(256, '1', 'MIT-MAGIC-COOKIE-1', Buffer.from('of another display')),
    authEntry(256, '0', 'XDM-AUTHORIZATION-1', Buffer.from('of another kind')),
    authEntry(65_535, '0', 'MIT-MAGIC-COOKIE-1', cookie),
  ]);
  expect(findCookie(bytes, 0)?.data).toEqual(cookie);
  expect(findCookie(bytes, 2)).toBeUndefined();
  for (let length = 0; length < bytes.length; length += 1) {
    expect(findCookie(bytes.subarray(0, length), 0)).toBeUndefined();
  }
});
