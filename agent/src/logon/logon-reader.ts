import path from 'node:path';
import type { MachineFiles } from '../inventory/machine-files.ts';
import { type FindDesktopDeps, findDesktop, type Logon } from './find-desktop.ts';
import { findCookie } from './x-authority.ts';
import { readIdleMs } from './x-idle.ts';

/** Who sits at this computer, and since when they do nothing. Looks anew each time; keeps nothing open. */
export class LogonReader {
  readonly #deps: FindDesktopDeps;

  constructor(deps: FindDesktopDeps) {
    this.#deps = deps;
  }

  find(): Promise<Logon> {
    return findDesktop(this.#deps);
  }

  async status(): Promise<{ user: string; idleMs: number | null }> {
    const { user, desktop } = await this.find();
    if (user === '' || desktop.kind === 'none') return { user, idleMs: null };
    return { user, idleMs: (await idleOf(this.#deps.files, desktop.display, desktop.authFile)) ?? null };
  }
}

async function idleOf(
  files: MachineFiles,
  display: string,
  authFile: string | undefined,
): Promise<number | undefined> {
  const [, number] = /^:(\d+)/.exec(display) ?? [];
  if (number === undefined) return undefined;
  const cookie = authFile === undefined ? undefined : findCookie(await files.bytes(authFile), Number(number));
  return readIdleMs(path.join('/tmp/.X11-unix', `X${number}`), cookie);
}
