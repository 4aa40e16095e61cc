import {
  API_BASE,
  type ApiBody,
  type ApiName,
  type ApiParams,
  type ApiQuery,
  type ApiReply,
  type ApiRoute,
  apiRoutes,
  fromWireError,
  WireError,
} from '@guruconnect/shared';
import * as z from 'zod/mini';

type Part<Name extends string, T> = undefined extends T
  ? { [K in Name]?: T | undefined }
  : Record<never, never> extends T
    ? { [K in Name]?: T }
    : { [K in Name]: T };
/** What a call of the route needs: `params`, `query` and `body` where it has them. */
export type ApiInput<N extends ApiName> = Part<'params', ApiParams<N>> &
  Part<'query', ApiQuery<N>> &
  Part<'body', ApiBody<N>>;

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** One browser as the API sees it: it keeps the cookie and the form token. */
export interface ApiClient {
  readonly url: string;
  /** Calls a route and parses the reply; throws the server's GuruError. */
  call<N extends ApiName>(name: N, ...input: CallInput<N>): Promise<ApiReply<N>>;
  /** Calls a route with anything, and returns whatever comes back. */
  send(name: ApiName, input?: RawInput): Promise<ApiAnswer>;
  /** For the `Cookie` header of a socket handshake; undefined when signed out. */
  cookie(): string | undefined;
  csrfToken(): string | undefined;
}

type CallInput<N extends ApiName> = Record<never, never> extends ApiInput<N> ? [ApiInput<N>?] : [ApiInput<N>];

export interface RawInput {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, unknown> | undefined;
  readonly body?: unknown;
  /** Override or, with undefined, leave out what the client would send. */
  readonly headers?: Record<string, string | undefined>;
}

const ErrorReply = z.object({ error: WireError });

/** `cookie`: of a login that was started elsewhere. */
export function createApiClient(url: string, options: { cookie?: string } = {}): ApiClient {
  let cookie = options.cookie;
  let csrfToken: string | undefined;

  async function send(name: ApiName, input: RawInput = {}): Promise<ApiAnswer> {
    const route: ApiRoute = apiRoutes[name];
    const isFile = input.body instanceof Uint8Array;
    const defaults = {
      origin: url,
      cookie,
      'x-csrf-token': csrfToken,
      'content-type':
        input.body === undefined ? undefined : isFile ? 'application/octet-stream' : 'application/json',
    };
    const response = await fetch(url + pathOf(route, input), {
      method: route.method,
      headers: definedOnly({ ...defaults, ...input.headers }),
      redirect: 'manual',
      ...(input.body === undefined
        ? {}
        : { body: isFile ? (input.body as Uint8Array<ArrayBuffer>) : JSON.stringify(input.body) }),
    });
    for (const set of response.headers.getSetCookie()) cookie = readCookie(set);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    const body: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
    if (response.ok && hasCsrfToken(body)) csrfToken = body.csrfToken;
    return { status: response.status, headers: response.headers, body };
  }

  return {
    url,
    cookie: () => cookie,
    csrfToken: () => csrfToken,
    send,
    call: async <N extends ApiName>(name: N, ...[input]: CallInput<N>) => {
      const answer = await send(name, (input ?? {}) as RawInput);
      const refusal = z.safeParse(ErrorReply, answer.body);
      if (refusal.success) throw fromWireError(refusal.data.error);
      return z.parse(apiRoutes[name].reply, answer.body) as ApiReply<N>;
    },
  };
}

function pathOf(route: ApiRoute, { params = {}, query = {} }: RawInput): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, String(value));
  }
  return API_BASE + path + (search.size === 0 ? '' : `?${search}`);
}

function definedOnly(headers: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** `name=value` of a `Set-Cookie` header; undefined when the server clears it. */
function readCookie(setCookie: string): string | undefined {
  const pair = setCookie.split(';')[0] ?? '';
  return pair.endsWith('=') ? undefined : pair;
}

function hasCsrfToken(body: unknown): body is { csrfToken: string } {
  return z.safeParse(z.object({ csrfToken: z.string() }), body).success;
}
