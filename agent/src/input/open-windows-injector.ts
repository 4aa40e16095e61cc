import type { Injector } from './injector.ts';

/**
 * Opens an injector on the desktop that Windows shows.
 *
 * @throws `unavailable` when nothing can control it
 */
export async function openWindowsInjector(): Promise<Injector> {
  // Imported late, because importing koffi throws where it has no native module.
  const [{ WindowsInjector }, { openUser32Input }] = await Promise.all([
    import('./windows-injector.ts'),
    import('./user32-input.ts'),
  ]);
  return new WindowsInjector(openUser32Input());
}
