import type { WindowsApi } from '../windows/windows-api.ts';

const KEY = 'Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';

/** Proxies that Windows' own programs use, as its settings name them. */
export function windowsProxies(windows: Pick<WindowsApi, 'registryText' | 'registryNumber'>): string[] {
  const isOn = windows.registryNumber(KEY, 'ProxyEnable', 'user') === 1;
  const proxy = isOn ? windows.registryText(KEY, 'ProxyServer', 'user') : '';
  const script = windows.registryText(KEY, 'AutoConfigURL', 'user');
  return [proxy, script].filter((one) => one !== '');
}
