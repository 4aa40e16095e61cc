import { describeError } from '../core/log.ts';
import type { WindowCommand, WindowEvent } from './panel.ts';
import { loadX11DrawingLibrary } from './x11-drawing-library.ts';
import { X11PanelWindow } from './x11-panel.ts';

/**
 * Main file of the window process; started by `child-window.ts`, which it speaks with over IPC. The display's name
 * is its argument. Xlib ends the process when the display goes; the parent starts it anew.
 */
function main(): void {
  const tell = (event: WindowEvent) => process.connected && process.send?.(event);
  const window = new X11PanelWindow(loadX11DrawingLibrary(), process.argv[2] ?? '', (buttonId) =>
    tell({ type: 'pressed', buttonId }),
  );
  process.on('message', (command) => window.show((command as WindowCommand).panel ?? undefined));
  // A thread waits inside Xlib: only the kernel can end that at once. X takes the windows away with the process.
  const end = () => process.kill(process.pid, 'SIGKILL');
  process.on('disconnect', end);
  // An agent that died while this file was being loaded is told to nobody.
  if (!process.connected) end();
}

// A terminal sends these to the whole process group; the session decides when the window goes.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});

try {
  main();
} catch (error) {
  process.stderr.write(describeError(error));
  process.exitCode = 1;
  process.disconnect?.();
}
