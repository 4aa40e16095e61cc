import type { ApiBody, ApiName, ApiParams, ApiQuery, ApiReply, apiRoutes } from '@guruconnect/shared';
import type { SignedMachine } from './machine-ports.ts';
import type { Login } from './ports.ts';

type LoginOf<N extends ApiName> = (typeof apiRoutes)[N]['auth'] extends 'login' ? Login : undefined;
type MachineOf<N extends ApiName> = (typeof apiRoutes)[N]['auth'] extends 'machine'
  ? SignedMachine
  : undefined;

/** One parsed and authenticated request of the route `N`. */
export interface ApiRequest<N extends ApiName> {
  readonly params: ApiParams<N>;
  readonly query: ApiQuery<N>;
  readonly body: ApiBody<N>;
  /** Who asks; undefined on routes for anybody. */
  readonly login: LoginOf<N>;
  /** The machine that signed the request, which may have been sent before: see `MachineGate.verify`. */
  readonly machine: MachineOf<N>;
  /** The client's address, taken from trusted proxies where there are some. */
  readonly address: string;
  readonly userAgent: string;
  /** Where the request went, in the client's own words; undefined when it names no host. */
  readonly origin: string | undefined;
  /** Set or clear the login cookie of this browser. */
  readonly loginCookie: { set(token: string): void; clear(): void };
}

/** Answers one route; throws GuruError to refuse. */
export type ApiHandler<N extends ApiName> = (request: ApiRequest<N>) => Promise<ApiReply<N>>;

/** One handler a route: leaving one out does not compile. */
export type ApiHandlers = { [N in ApiName]: ApiHandler<N> };

/** The routes whose tag is one of `Tag`. */
export type ApiNamesOfTag<Tag extends (typeof apiRoutes)[ApiName]['tag']> = {
  [N in ApiName]: (typeof apiRoutes)[N]['tag'] extends Tag ? N : never;
}[ApiName];
