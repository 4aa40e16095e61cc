import { fileURLToPath } from 'node:url';

/** Where the server's own files lie. */
export interface ServerPaths {
  readonly migrations: string;
  /** The built web app. */
  readonly web: string;
  /** Agent packages, where the build puts them. */
  readonly downloads: string;
  /** What `npm run build:windows` made. */
  readonly windows: string;
  /** Entry of the embedded database's process. */
  readonly pgliteEntry: string;
  /** Entry of the relay's process. */
  readonly relayEntry: string;
  /** Entry of the process that writes Windows programs. */
  readonly programWorkerEntry: string;
  /** Entry of the process that signs them. */
  readonly signerEntry: string;
  /** What packages for machines are made of. */
  readonly installers: string;
}

/**
 * The paths by the place of the entry file: `server/src/main.ts` in the source tree, `dist/server/main.mjs` in a build.
 * Both lie two levels below the root; a build has the entries of the other processes bundled beside its own.
 */
export function serverPaths(entryUrl: string): ServerPaths {
  const at = (relative: string) => fileURLToPath(new URL(relative, entryUrl));
  return {
    migrations: at('../../migrations/'),
    web: at('../../dist/web/'),
    downloads: at('../../dist/download/'),
    windows: at('../../dist/windows/'),
    installers: at('../../installers/'),
    relayEntry: entryUrl.endsWith('.ts') ? at('../../sfu/src/relay-main.ts') : at('./relay.mjs'),
    programWorkerEntry: entryUrl.endsWith('.ts')
      ? at('./releases/programs/program-worker.ts')
      : at('./program-worker.mjs'),
    signerEntry: entryUrl.endsWith('.ts') ? at('./releases/signer/signer-main.ts') : at('./signer.mjs'),
    pgliteEntry: entryUrl.endsWith('.ts') ? at('./db/pglite-child.ts') : at('./pglite-child.mjs'),
  };
}
