import type { Injector } from './injector.ts';
import { openRobotjsInjector } from './robotjs-injector.ts';
import type { X11Library } from './x11-library.ts';

export interface OpenInjectorDeps {
  /** Told when the fallback must do, with the reason why the full injector could not load. */
  readonly onFallback?: (reason: unknown) => void;
  /** Loads the X libraries; the default needs koffi's native module, libX11 and libXtst. */
  readonly loadLibrary?: () => Promise<X11Library>;
}

/**
 * Opens the best injector that this machine has for an X display: XTEST through koffi, or robotjs where its
 * libraries do not load. A display that cannot be opened is an error, not a reason to fall back.
 *
 * @throws `unavailable` when the display cannot be opened or nothing can control it
 */
export async function openInjector(display: string, deps: OpenInjectorDeps = {}): Promise<Injector> {
  let library: X11Library;
  try {
    library = await (deps.loadLibrary ?? loadLibrary)();
  } catch (reason) {
    deps.onFallback?.(reason);
    return openRobotjsInjector(display);
  }
  const { openX11Injector } = await import('./x11-injector.ts');
  return openX11Injector(display, library);
}

/** Imported late, because importing koffi throws where it has no native module. */
async function loadLibrary(): Promise<X11Library> {
  const { loadX11Library } = await import('./x11-library.ts');
  return loadX11Library();
}
