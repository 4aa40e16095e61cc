import type * as z from 'zod/mini';
import type { Action } from '../auth/permissions.ts';

/** One HTTP route under {@link API_BASE}; server, web client, OpenAPI page and tests all read these rows. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{name}` for path parameters, which are all UUIDs. */
  readonly path: string;
  readonly summary: string;
  readonly tag:
    | 'Account'
    | 'Portal'
    | 'Agent'
    | 'Sessions'
    | 'Machines'
    | 'Companies'
    | 'Installers'
    | 'Machine agents'
    | 'Releases'
    | 'Agent updates'
    | 'Commands'
    | 'Users'
    | 'Settings'
    | 'Audit'
    | 'Setup';
  /** `none`: anybody; `login`: a signed-in technician; `machine`: an enrolled machine, by its signature. */
  readonly auth: 'none' | 'login' | 'machine';
  /** What is asked of `may()` before anything happens. Routes about oneself have none. */
  readonly permission: Action | null;
  readonly query?: z.ZodMiniObject;
  readonly body?: z.ZodMiniType;
  /** Instead of `body`: a file, whose bytes are sent as they are. What it is, its handler finds out from them. */
  readonly file?: { readonly types: readonly string[]; readonly maxBytes: number };
  /** A {@link FileReply} is answered by its bytes, everything else as JSON. */
  readonly reply: z.ZodMiniType;
}

export const API_BASE = '/api/v1';
