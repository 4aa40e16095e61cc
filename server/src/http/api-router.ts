import {
  API_BASE,
  type ApiName,
  type ApiRoute,
  apiRoutes,
  FileReply,
  GuruError,
  may,
} from '@guruconnect/shared';
import { json, type Request, type RequestHandler, type Response, Router, raw } from 'express';
import * as z from 'zod/mini';
import type { ApiHandlers, ApiRequest } from '../core/api-handlers.ts';
import type { MachineGate } from '../core/machine-ports.ts';
import type { Login, Logins } from '../core/ports.ts';
import { requestOrigin } from '../core/request-origin.ts';
import { secretsEqual } from '../core/secrets.ts';
import { createMachineDoor, type MachineDoor } from './machine-door.ts';
import { targetlessAction } from './targetless-action.ts';

export interface ApiRouterDeps {
  readonly logins: Logins;
  readonly machineGate: MachineGate;
  readonly addressOf: (request: Request) => string;
  readonly isOwnOrigin: (request: Request) => boolean;
  readonly setLoginCookie: (request: Request, response: Response, token: string) => void;
  readonly clearLoginCookie: (request: Request, response: Response) => void;
}

/** Of requests that people, pages and machines send. */
const BODY_LIMIT = '64kb';
const Params = z.record(z.string(), z.uuid());

/**
 * Mounts the handlers given by their rows of the route table. Everything that all routes share happens here: origin,
 * login, form token, parsing, the permission that needs no target, and parsing of the reply, so that nothing
 * leaves that the table does not name.
 */
export function createApiRouter(handlers: Partial<ApiHandlers>, deps: ApiRouterDeps): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const parseJson = json({ limit: BODY_LIMIT, type: 'application/json', strict: true });
  const door = createMachineDoor({
    gate: deps.machineGate,
    addressOf: deps.addressOf,
    bodyLimit: BODY_LIMIT,
  });
  for (const [name, handler] of inOrder(handlers)) {
    const route: ApiRoute = apiRoutes[name as ApiName];
    const path = API_BASE + route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    // Rows and handlers were matched by their types; inside this loop the connection is lost.
    const answer = answerOf(route, handler as (request: unknown) => Promise<unknown>, { ...deps, door });
    const readBody = route.file ? fileReader(route.file.maxBytes) : parseJson;
    const guards = route.method === 'GET' ? [] : [originGuard(deps), readBody];
    if (route.auth === 'machine') guards.splice(0, guards.length, ...door.guards);
    router[METHODS[route.method]](path, ...guards, answer);
  }
  return router;
}

/** Paths without parameters first: `/machines/counts` is no machine. */
function inOrder(handlers: Partial<ApiHandlers>): [string, unknown][] {
  const hasParameter = ([name]: [string, unknown]) => apiRoutes[name as ApiName].path.includes('{');
  return Object.entries(handlers).toSorted((a, b) => Number(hasParameter(a)) - Number(hasParameter(b)));
}

const METHODS = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'delete' } as const;

/** Bytes as they come, whatever the request calls them: what inflates to more than that many is not taken. */
function fileReader(maxBytes: number): RequestHandler {
  const read = raw({ limit: maxBytes, type: () => true, inflate: false });
  return (request, response, next) =>
    read(request, response, (error?: unknown) => {
      if (!Buffer.isBuffer(request.body)) request.body = Buffer.alloc(0);
      next(error);
    });
}

function originGuard(deps: ApiRouterDeps): RequestHandler {
  return (request, _response, next) => {
    if (!deps.isOwnOrigin(request)) throw new GuruError('bad-origin', 'This page may not do that here.');
    next();
  };
}

function answerOf(
  route: ApiRoute,
  handler: (request: unknown) => Promise<unknown>,
  deps: ApiRouterDeps & { door: MachineDoor },
): RequestHandler {
  const permission = route.permission === null ? undefined : targetlessAction(route.permission);
  return async (request, response) => {
    response.set('Cache-Control', 'no-store');
    const login = route.auth === 'login' ? await requireLogin(route, request, deps) : undefined;
    if (login && permission && !may(login.actor, permission, null)) {
      throw GuruError.notAllowed(`do this: ${route.summary.toLowerCase()}`);
    }
    const parsed: Omit<ApiRequest<'me'>, 'login' | 'machine' | 'params' | 'query' | 'body'> = {
      address: deps.addressOf(request),
      userAgent: request.get('user-agent') ?? '',
      origin: requestOrigin(request),
      loginCookie: {
        set: (token) => deps.setLoginCookie(request, response, token),
        clear: () => deps.clearLoginCookie(request, response),
      },
    };
    const machine = deps.door.machineOf(response);
    const content = deps.door.noting(request, machine, () => ({
      params: parse(Params, request.params, 'address'),
      query: route.query ? parse(route.query, request.query, 'query') : undefined,
      body: route.file ? request.body : route.body && parse(route.body, request.body, 'body'),
    }));
    const reply = z.parse(route.reply, await handler({ ...parsed, login, machine, ...content }));
    if (route.reply === FileReply) sendFile(response, z.parse(FileReply, reply));
    else response.json(reply);
  };
}

/** Browsers ask each time whether they may still show it; what has not changed is not sent again. */
function sendFile(response: Response, { bytes, mimeType, tag }: FileReply): void {
  response.set({ 'Cache-Control': 'private, no-cache', 'Content-Type': mimeType, ETag: `"${tag}"` });
  response.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** The form token proves that a page of ours sent the request, even where a browser leaves `Origin` out. */
async function requireLogin(route: ApiRoute, request: Request, deps: ApiRouterDeps): Promise<Login> {
  const login = await deps.logins.authenticate(request.headers.cookie);
  if (!login) throw GuruError.unauthenticated();
  if (route.method !== 'GET' && !secretsEqual(request.get('x-csrf-token') ?? '', login.csrfToken)) {
    throw new GuruError('bad-csrf-token', 'This page is out of date. Load it again.');
  }
  return login;
}

function parse(schema: z.ZodMiniType, value: unknown, part: string): unknown {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  throw new GuruError('invalid-message', `The ${part} of the request is not valid.`, {
    cause: parsed.error,
    details: { fields },
  });
}
