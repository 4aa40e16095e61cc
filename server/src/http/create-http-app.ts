import compression from 'compression';
import express, { type Express, type Request, type Response, Router } from 'express';
import type { ApiHandlers } from '../core/api-handlers.ts';
import type { MachineGate } from '../core/machine-ports.ts';
import type { Log, Logins } from '../core/ports.ts';
import { type ApiRouterDeps, createApiRouter } from './api-router.ts';
import type { ClientAddresses } from './client-address.ts';
import { createDownloads } from './downloads.ts';
import { createErrorMiddleware, unknownApiRoute } from './error-middleware.ts';
import { isOwnOrigin } from './origin-check.ts';
import { createSecurityHeaders } from './security-headers.ts';
import { createWebPages } from './web-pages.ts';

export interface HttpAppDeps {
  readonly handlers: Omit<ApiHandlers, 'setUp'>;
  readonly setUp: ApiHandlers['setUp'];
  readonly isSetupOpen: () => boolean;
  readonly logins: Logins;
  readonly machineGate: MachineGate;
  /** Uses a launch ticket up; undefined when it is not good. */
  readonly launch: (
    token: string,
    from: { address: string; userAgent: string },
  ) => Promise<Launched | undefined>;
  readonly addresses: ClientAddresses;
  readonly loginCookie: {
    set(response: Response, token: string, isSecure: boolean): void;
    clear(response: Response, isSecure: boolean): void;
  };
  readonly isReady: () => Promise<boolean>;
  readonly publicUrl: string | undefined;
  /** Where pages may open WebSockets beside this server. */
  readonly relayUrls: () => readonly string[];
  /** Whether this process itself speaks TLS. */
  readonly isSecure: boolean;
  readonly webDir: string;
  /** Folder of agent packages. */
  readonly downloadDir: string;
  /** Programs that are made on demand, under `/download`. */
  readonly releases: Router;
  /** The API's own documentation. */
  readonly docs: Router;
  readonly log: Log;
}

export interface Launched {
  readonly path: string;
  readonly token: string;
}

/** The Express application: headers, health, API, documentation, launch links, downloads, pages. */
export function createHttpApp(deps: HttpAppDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.set('query parser', 'simple');
  app.set('trust proxy', (address: string) => deps.addresses.isTrusted(address));
  const isSecure = deps.isSecure || deps.publicUrl?.startsWith('https:') === true;
  app.use(createSecurityHeaders(isSecure, deps.relayUrls));
  app.use(createHealthRouter(deps.isReady));
  app.use(compression());
  const apiDeps = apiRouterDeps(deps);
  app.use(createSetupRouter(deps, apiDeps));
  app.use(createApiRouter(deps.handlers, apiDeps));
  app.use(deps.docs);
  app.use(['/api', '/api/*rest'], unknownApiRoute);
  app.use(createLaunchRouter(deps));
  app.use(deps.releases);
  app.use(createDownloads({ directory: deps.downloadDir, publicUrl: deps.publicUrl }));
  app.use(createWebPages(deps));
  app.use((_request, response) => {
    response.status(404).type('text/plain').send('There is nothing here.');
  });
  app.use(createErrorMiddleware(deps.log));
  return app;
}

function createHealthRouter(isReady: () => Promise<boolean>): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const ready = await isReady();
    response
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ status: ready ? 'ready' : 'not ready' });
  });
  return router;
}

/** The set-up route exists only while there is no admin: afterwards requests pass by as if it had never been. */
function createSetupRouter(deps: HttpAppDeps, apiDeps: ApiRouterDeps): Router {
  const router = Router();
  const setup = createApiRouter({ setUp: deps.setUp }, apiDeps);
  router.use((request, response, next) => {
    if (deps.isSetupOpen()) setup(request, response, next);
    else next();
  });
  return router;
}

function apiRouterDeps(deps: HttpAppDeps): ApiRouterDeps {
  return {
    logins: deps.logins,
    machineGate: deps.machineGate,
    addressOf: deps.addresses.addressOf,
    isOwnOrigin: (request) =>
      isOwnOrigin({ headers: request.headers, host: request.host, isSecure: request.secure }, deps.publicUrl),
    setLoginCookie: (request, response, token) => deps.loginCookie.set(response, token, request.secure),
    clearLoginCookie: (request, response) => deps.loginCookie.clear(response, request.secure),
  };
}

/** Links that sign somebody in once: good on this computer only, so that a leaked one is worth nothing elsewhere. */
function createLaunchRouter(deps: HttpAppDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/launch/:token', async (request: Request<{ token: string }>, response, next) => {
    if (!deps.addresses.isFromThisComputer(request)) return next();
    const from = { address: deps.addresses.addressOf(request), userAgent: request.get('user-agent') ?? '' };
    const launched = await deps.launch(request.params.token, from);
    response.set('Cache-Control', 'no-store');
    if (!launched) {
      response.status(404).type('text/plain').send('This link was used already or is too old.');
      return;
    }
    deps.loginCookie.set(response, launched.token, request.secure);
    response.redirect(303, launched.path);
  });
  return router;
}
