import { release } from 'node:os';
import type { MachineFiles } from './machine-files.ts';
import { parseShellValues } from './shell-values.ts';

export interface SystemName {
  readonly name: string;
  readonly version: string;
  /** Of the kernel. */
  readonly build: string;
}

/** The distribution by os-release(5). Debian tells its point release elsewhere. */
export async function readSystemName(files: MachineFiles, kernel = release()): Promise<SystemName> {
  const text = (await files.text('/etc/os-release')) || (await files.text('/usr/lib/os-release'));
  const values = parseShellValues(text);
  const version = values.get('VERSION_ID') ?? values.get('BUILD_ID') ?? '';
  const debian = values.get('ID') === 'debian' ? await files.text('/etc/debian_version') : '';
  return {
    name: values.get('PRETTY_NAME') || values.get('NAME') || 'Linux',
    version: debian.startsWith(`${version}.`) ? debian : version,
    build: kernel,
  };
}

/** What people call this computer; empty when nobody gave it a name of that kind. */
export async function readDescription(files: MachineFiles): Promise<string> {
  const values = parseShellValues(await files.text('/etc/machine-info'));
  const place = [values.get('DEPLOYMENT'), values.get('LOCATION')].filter(Boolean).join(', ');
  return [values.get('PRETTY_HOSTNAME'), place].filter(Boolean).join(', ');
}

/** Files that an installer writes once, by the time of their last change. */
const INSTALLER_FILES = [
  '/var/log/installer/initial-status.gz',
  '/var/log/installer/syslog',
  '/var/log/installer',
  '/root/anaconda-ks.cfg',
];
/** The same with less certainty: made with the file system, or at the first start of an image. */
const FIRST_FILES = ['/lost+found', '/etc/machine-id'];

/** When this system was installed, in ms since the epoch; null when nothing tells. */
export async function readInstalledAt(files: MachineFiles): Promise<number | null> {
  const changed = async (names: readonly string[]) => {
    for (const name of names) {
      const found = await files.stat(name);
      if (found && found.mtimeMs > 0) return Math.floor(found.mtimeMs / 1000) * 1000;
    }
    return null;
  };
  const root = await files.stat('/');
  // Where the file system knows no births, some systems give the last change instead.
  const isBirth = root && root.birthtimeMs > 0 && root.birthtimeMs !== root.ctimeMs;
  const born = isBirth ? Math.floor(root.birthtimeMs / 1000) * 1000 : null;
  return (await changed(INSTALLER_FILES)) ?? born ?? (await changed(FIRST_FILES));
}

/** When the kernel started, in ms since the epoch, by proc_stat(5); null when it does not say. */
export async function readBootedAt(files: MachineFiles): Promise<number | null> {
  const [, seconds] = /^btime (\d+)$/m.exec(await files.text('/proc/stat')) ?? [];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
