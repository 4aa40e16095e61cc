import type { MachineFiles } from '../inventory/machine-files.ts';
import { accountOf } from './accounts.ts';
import { type LoginSession, readLoginSessions } from './login-sessions.ts';
import { parseUtmp, userAtScreen } from './utmp.ts';
import { readXProcesses, type XProcesses } from './x-servers.ts';

/** The screen of this computer and who sits at it. */
export interface Logon {
  /** Who is logged on; empty for nobody. */
  readonly user: string;
  readonly desktop: FoundDesktop;
}

export type FoundDesktop =
  | {
      readonly kind: 'x11';
      readonly display: string;
      /** The file with the display's cookie; undefined when none is needed or known. */
      readonly authFile: string | undefined;
    }
  | { readonly kind: 'none'; readonly reason: string };

export interface FindDesktopDeps {
  readonly files: MachineFiles;
  /** The display that was asked for with `--display`; undefined to look for it. */
  readonly display: string | undefined;
  /** Where `$XAUTHORITY` points for a display that was asked for. */
  readonly authFile: string | undefined;
}

const NO_DESKTOP = 'This computer has no desktop at the moment: no X server runs on it.';
const WAYLAND =
  'The desktop of this computer runs on Wayland, which cannot be shown yet. Choose an Xorg session where one logs on.';

/** Looks for the desktop that is on the screen now. Never rejects. */
export async function findDesktop(deps: FindDesktopDeps): Promise<Logon> {
  const { files, display, authFile } = deps;
  const processes = await readXProcesses(files);
  if (display !== undefined) {
    const user = await userOf(files, processes, display);
    return { user, desktop: { kind: 'x11', display, authFile } };
  }
  const sessions = await readLoginSessions(files);
  const shown = sessions.find((one) => one.isActive) ?? sessions[0];
  const desktop = await desktopOf(files, processes, shown);
  return { user: await userNow(files, processes, sessions, desktop), desktop };
}

async function desktopOf(
  files: MachineFiles,
  processes: XProcesses,
  shown: LoginSession | undefined,
): Promise<FoundDesktop> {
  const display = shown?.display || (await firstDisplay(files, processes));
  const isWayland = shown?.type === 'wayland';
  if (display === undefined || isWayland) {
    return { kind: 'none', reason: isWayland ? WAYLAND : NO_DESKTOP };
  }
  if (processes.servers.some((one) => one.display === display && one.kind === 'xwayland')) {
    return { kind: 'none', reason: WAYLAND };
  }
  return { kind: 'x11', display, authFile: await authFileOf(files, processes, display) };
}

/** The display with the lowest number; sockets may be left over from servers that died. */
async function firstDisplay(files: MachineFiles, { servers }: XProcesses): Promise<string | undefined> {
  const sockets = await files.list('/tmp/.X11-unix');
  const numbers = sockets.flatMap((name) => (/^X\d+$/.test(name) ? [Number(name.slice(1))] : []));
  const displays = numbers.sort((a, b) => a - b).map((number) => `:${number}`);
  const alive = displays.filter((one) => servers.some((server) => server.display === one));
  if (alive.length > 0) return alive[0];
  // Started by `-displayfd`, a server's command line does not say its number.
  return servers.some((one) => one.display === '') ? displays[0] : undefined;
}

async function authFileOf(
  files: MachineFiles,
  { servers, clients }: XProcesses,
  display: string,
): Promise<string | undefined> {
  const own = servers.find((one) => one.display === display && one.authFile !== '')?.authFile;
  const theirs = clients.filter((one) => one.display === display);
  const candidates = [own, ...theirs.map((one) => one.authFile)];
  for (const { uid } of theirs) {
    const home = (await accountOf(files, uid))?.home;
    if (home) candidates.push(`${home}/.Xauthority`);
  }
  for (const file of candidates) {
    if (file && (await files.exists(file))) return file;
  }
  return undefined;
}

async function userNow(
  files: MachineFiles,
  processes: XProcesses,
  sessions: readonly LoginSession[],
  desktop: FoundDesktop,
): Promise<string> {
  const people = sessions.filter((one) => !one.isGreeter);
  const atScreen = people.find((one) => one.isActive) ?? people[0];
  if (atScreen) return atScreen.user;
  // Where the login service says that the screen waits for somebody, nobody is there.
  if (sessions.length > 0) return '';
  const byRecord = userAtScreen(parseUtmp(await files.bytes('/var/run/utmp')));
  if (byRecord !== '') return byRecord;
  return desktop.kind === 'x11' ? userOf(files, processes, desktop.display) : '';
}

/** Whose programs are on the display; empty for none. */
async function userOf(files: MachineFiles, { clients }: XProcesses, display: string): Promise<string> {
  const theirs = clients.filter((one) => one.display === display);
  const uid = (theirs.find((one) => one.uid !== 0) ?? theirs[0])?.uid;
  if (uid === undefined) return '';
  return (await accountOf(files, uid))?.name ?? `user ${uid}`;
}
