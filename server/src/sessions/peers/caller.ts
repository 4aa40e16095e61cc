import type { Login } from '../../core/ports.ts';

/** One page of a signed-in technician. */
export interface Caller {
  readonly login: Login;
  readonly connectionId: string;
  /** The page's origin, which was allowed at the handshake. */
  readonly origin: string;
  /** Whether the login ended meanwhile. */
  hasEnded(): boolean;
}
