/** Where Debian puts the 64-bit Wine; its `wine` script would look for the 32-bit one and complain. */
export const WINE = '/usr/lib/wine/wine64';
export const WINE_SERVER = '/usr/lib/wine/wineserver';

/**
 * The whole environment of Wine's processes. Ours stays out, since Windows programs would inherit it: only what
 * Wine itself needs and what the caller adds.
 */
export function wineEnvironment(
  prefix: string,
  more: Readonly<Record<string, string>> = {},
): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    USER: process.env.USER ?? 'root',
    LANG: 'C.UTF-8',
    WINEPREFIX: prefix,
    WINEDEBUG: '-all',
    // winemenubuilder would write our protocol handler into the desktop of whoever runs the tests; the others ask
    // to download .NET and Internet Explorer.
    WINEDLLOVERRIDES: 'winemenubuilder.exe=d;mscoree=;mshtml=',
    ...more,
  };
}
