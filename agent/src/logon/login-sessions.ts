import type { MachineFiles } from '../inventory/machine-files.ts';
import { parseShellValues } from '../inventory/shell-values.ts';

/** Somebody at this computer's own screen, as the system's login service knows them. */
export interface LoginSession {
  readonly user: string;
  readonly isActive: boolean;
  /** A screen at which somebody may log on, and nobody has. */
  readonly isGreeter: boolean;
  readonly type: 'x11' | 'wayland' | 'console';
  /** X display, for example `:0`; empty for none. */
  readonly display: string;
}

/** Sessions at a seat of this computer by sd-login(3), whose files these are; those from afar are left out. */
export async function readLoginSessions(files: MachineFiles): Promise<LoginSession[]> {
  const sessions: LoginSession[] = [];
  for (const name of await files.list('/run/systemd/sessions')) {
    const values = parseShellValues(await files.text(`/run/systemd/sessions/${name}`));
    const kind = values.get('CLASS') ?? '';
    if (!values.get('SEAT') || values.get('REMOTE') === '1' || values.get('STATE') === 'closing') continue;
    if (kind !== 'user' && kind !== 'greeter') continue;
    const type = values.get('TYPE');
    sessions.push({
      user: values.get('USER') ?? '',
      isActive: values.get('ACTIVE') === '1',
      isGreeter: kind === 'greeter',
      type: type === 'x11' || type === 'wayland' ? type : 'console',
      display: values.get('DISPLAY') ?? '',
    });
  }
  return sessions.sort((a, b) => Number(b.isActive) - Number(a.isActive));
}
