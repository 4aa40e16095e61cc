import { spawn } from 'node:child_process';
import { Cleanup } from './cleanup.ts';
import { ManagedProcess } from './managed-process.ts';

export interface DesktopOptions {
  readonly width: number;
  readonly height: number;
  /** Keyboard layout by its XKB name, `us` by default. */
  readonly layout?: string;
  /** Whether openbox manages the windows; true by default. */
  readonly windowManager?: boolean;
}

/** A virtual desktop: an X server of its own, and the programs on it. */
export class Desktop {
  /** For `DISPLAY`, for example `:100`. */
  readonly display: string;
  readonly width: number;
  readonly height: number;
  readonly xServer: ManagedProcess;
  readonly #cleanup: Cleanup;

  constructor(display: string, options: DesktopOptions, xServer: ManagedProcess, cleanup: Cleanup) {
    this.display = display;
    this.width = options.width;
    this.height = options.height;
    this.xServer = xServer;
    this.#cleanup = cleanup;
  }

  /** Our environment with this desktop's display, for programs on it. */
  get env(): NodeJS.ProcessEnv {
    return { ...process.env, DISPLAY: this.display, XAUTHORITY: undefined, WAYLAND_DISPLAY: undefined };
  }

  /** Starts a program on the desktop; it is stopped with the desktop at the latest. */
  run(program: string, args: readonly string[] = [], cwd?: string): ManagedProcess {
    const started = new ManagedProcess({
      name: program,
      program,
      args,
      env: this.env,
      ...(cwd === undefined ? {} : { cwd }),
    });
    this.#cleanup.defer(() => started.stop(2_000));
    return started;
  }

  /** Stops every program on it, then the X server. */
  close(): Promise<void> {
    return this.#cleanup.run();
  }
}

/** Starts a virtual desktop on a free display number. */
export async function startDesktop(options: DesktopOptions): Promise<Desktop> {
  const cleanup = new Cleanup();
  const screen = `${options.width}x${options.height}x24`;
  // `-displayfd 1`: the X server chooses a free number itself and writes it to its output once it is ready.
  const xServer = new ManagedProcess({
    name: 'Xvfb',
    program: 'Xvfb',
    args: ['-displayfd', '1', '-screen', '0', screen, '-nolisten', 'tcp', '-noreset', '-dpi', '96'],
  });
  cleanup.defer(() => xServer.stop(3_000));
  try {
    const [, number = ''] = await xServer.waitFor(/^(\d+)\n/m, 20_000);
    const desktop = new Desktop(`:${number}`, options, xServer, cleanup);
    await setLayout(desktop, options.layout ?? 'us');
    if (options.windowManager ?? true) await startWindowManager(desktop);
    return desktop;
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function startWindowManager(desktop: Desktop): Promise<void> {
  // openbox runs its start-up command when it manages the screen; the word is our sign.
  const openbox = desktop.run('openbox', ['--sm-disable', '--startup', 'echo openbox-is-ready']);
  await openbox.waitFor(/openbox-is-ready/, 15_000);
}

/** Sets the keyboard layout and waits until the X server has it. */
export function setLayout(desktop: Desktop, layout: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('setxkbmap', ['-display', desktop.display, layout], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`setxkbmap ${layout} ended with ${code}.`)),
    );
  });
}
