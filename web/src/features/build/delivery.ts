import type { ApiReply } from '@guruconnect/shared';

export type Releases = ApiReply<'getReleases'>;

/** What somebody wants an installer for. The token is the same: this decides what is shown first. */
export type Platform = 'windows-exe' | 'windows-msi' | 'linux';

export const PLATFORMS: readonly { value: Platform; label: string; hint: string }[] = [
  { value: 'windows-exe', label: 'Windows EXE', hint: 'To run by hand or to send to somebody.' },
  { value: 'windows-msi', label: 'Windows MSI', hint: 'For Group Policy, Intune and other roll-outs.' },
  { value: 'linux', label: 'Linux', hint: 'A line for a terminal, or a .deb package.' },
];

export const NOT_THERE_YET = 'macOS, 32-bit Windows and Windows 7 and 8.1 are not there yet.';

/** Why something cannot be had of this server; undefined when it can. Nothing is refused before the server has said. */
export function whyNot(
  what: 'exe' | 'msi' | 'linux' | 'mail',
  releases: Releases | undefined,
): string | undefined {
  if (!releases) return undefined;
  if (what === 'mail') {
    return releases.mail ? undefined : 'This server sends no e-mail: no mail server is configured.';
  }
  if (what === 'linux') {
    return releases.linux ? undefined : 'This server has no Linux agent yet: “npm run build” makes it.';
  }
  if (!releases.windows)
    return 'This server has no Windows programs yet: “npm run build:windows” makes them.';
  return what === 'msi' ? (releases.windows.msiProblem ?? undefined) : undefined;
}

/** Which of them this server can make, for the form that begins with one. */
export function firstPlatform(releases: Releases | undefined): Platform {
  return whyNot('exe', releases) === undefined ? 'windows-exe' : 'linux';
}
