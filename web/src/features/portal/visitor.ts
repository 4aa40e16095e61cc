/** What a visitor's computer is, as far as its browser tells. */
export interface Visitor {
  readonly system: 'windows' | 'old-windows' | 'linux' | 'macos' | 'phone' | 'other';
  readonly browser: VisitorBrowser;
}
export type VisitorBrowser = 'chrome' | 'edge' | 'firefox' | 'safari' | 'other';

/** Reads a user-agent string. `old-windows`: before Windows 10, or 32-bit where the browser says so. */
export function visitorOf(userAgent: string): Visitor {
  return { system: systemOf(userAgent), browser: browserOf(userAgent) };
}

function systemOf(userAgent: string): Visitor['system'] {
  if (/Android|iPhone|iPad|iPod|Mobile/.test(userAgent)) return 'phone';
  const windows = /Windows NT (\d+)\.\d+/.exec(userAgent);
  if (windows) {
    const isOld = Number(windows[1]) < 10 || !/Win64|WOW64|x64|ARM64/.test(userAgent);
    return isOld ? 'old-windows' : 'windows';
  }
  if (/Mac OS X/.test(userAgent)) return 'macos';
  if (/CrOS/.test(userAgent)) return 'other';
  return /Linux|X11/.test(userAgent) ? 'linux' : 'other';
}

function browserOf(userAgent: string): VisitorBrowser {
  if (/Edg\//.test(userAgent)) return 'edge';
  // Opera, Vivaldi and others show downloads in places of their own.
  if (/OPR\/|Vivaldi\/|YaBrowser\/|SamsungBrowser\//.test(userAgent)) return 'other';
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Chrome\/|Chromium\//.test(userAgent)) return 'chrome';
  return /Safari\//.test(userAgent) ? 'safari' : 'other';
}
