import { readFile } from 'node:fs/promises';
import os from 'node:os';
import type { MachineInfo } from '@guruconnect/shared';

const MAX_LINE = 200;

/** What this machine says about itself; never fails, unknown things are said to be so. */
export async function readMachineInfo(agentVersion: string): Promise<MachineInfo> {
  return {
    hostname: line(os.hostname()),
    user: line(userName()),
    os: operatingSystem(),
    osName: line(await prettyName()),
    agentVersion: line(agentVersion),
    elevated: process.getuid?.() === 0,
  };
}

/** `PRETTY_NAME` of os-release(5), with quotes and escapes taken off. */
export function parsePrettyName(osRelease: string): string | undefined {
  const [, value] = /^PRETTY_NAME=(.*)$/m.exec(osRelease) ?? [];
  const [, quoted] = /^"(.*)"$|^'(.*)'$/.exec(value ?? '') ?? [];
  const text = (quoted ?? value ?? '')
    .replaceAll(/\\(["$`\\])/g, '$1')
    .replaceAll("'", '')
    .trim();
  return text === '' ? undefined : text;
}

async function prettyName(): Promise<string> {
  try {
    return parsePrettyName(await readFile('/etc/os-release', 'utf8')) ?? os.version();
  } catch {
    // Not a Linux with os-release: the kernel's own words are the best there is.
    return `${os.type()} ${os.release()}`;
  }
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // A user id without an account, as in containers.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}

function operatingSystem(): MachineInfo['os'] {
  switch (process.platform) {
    case 'win32':
      return 'windows';
    case 'darwin':
      return 'macos';
    default:
      return 'linux';
  }
}

function line(text: string): string {
  return text.slice(0, MAX_LINE);
}
