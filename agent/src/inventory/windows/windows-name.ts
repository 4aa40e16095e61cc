import type { WindowsApi } from '../../windows/windows-api.ts';

export interface WindowsName {
  /** For example `Windows 11 Pro`. */
  readonly name: string;
  /** For example `23H2`. */
  readonly version: string;
  /** For example `22631.4317`. */
  readonly build: string;
  /** In ms since the epoch; null when it is not known. */
  readonly installedAt: number | null;
}

const KEY = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const FIRST_WINDOWS_11 = 22_000;

/** Which Windows this is. The registry of Windows 11 still says 10. */
export function readWindowsName(windows: Pick<WindowsApi, 'registryText' | 'registryNumber'>): WindowsName {
  const text = (name: string) => windows.registryText(KEY, name);
  const product = text('ProductName').replace(/^Microsoft /, '');
  const build = text('CurrentBuildNumber');
  const revision = windows.registryNumber(KEY, 'UBR');
  const installed = windows.registryNumber(KEY, 'InstallDate') ?? 0;
  const is11 = Number(build) >= FIRST_WINDOWS_11 && text('InstallationType') !== 'Server';
  return {
    name: (is11 ? product.replace(/^Windows 10/, 'Windows 11') : product) || 'Windows',
    version: text('DisplayVersion') || text('ReleaseId') || text('CurrentVersion'),
    build: build === '' || revision === undefined ? build : `${build}.${revision}`,
    installedAt: installed === 0 ? null : installed * 1000,
  };
}
