import {
  API_BASE,
  type ApiBody,
  type ApiName,
  type ApiParams,
  type ApiQuery,
  type ApiReply,
  type ApiRoute,
  fromWireError,
  GuruError,
  WireError,
} from '@guruconnect/shared';
import { object, safeParse } from 'zod/mini';

type Params<N extends ApiName> = keyof ApiParams<N> extends never ? object : { params: ApiParams<N> };
type Body<N extends ApiName> = [ApiBody<N>] extends [undefined] ? object : { body: ApiBody<N> };
type Query<N extends ApiName> = [ApiQuery<N>] extends [undefined] ? object : { query?: ApiQuery<N> };

/** What a call of a route needs beside its name: path parameters, query and body as the route says. */
export type ApiInput<N extends ApiName> = Params<N> & Body<N> & Query<N> & { signal?: AbortSignal };
export type InputArgs<N extends ApiName> =
  object extends ApiInput<N> ? [input?: ApiInput<N>] : [input: ApiInput<N>];

export interface ApiClient {
  /**
   * Calls a route and parses its reply. Rejects with GuruError; `unavailable` when nothing answers, with GET twice.
   */
  call<N extends ApiName>(name: N, ...input: InputArgs<N>): Promise<ApiReply<N>>;
  /** Told when a call finds that the login has ended. */
  onSignedOut(listener: () => void): () => void;
}

interface LooseInput {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  signal?: AbortSignal;
}

const ErrorReply = object({ error: WireError });
/** These replies carry the token that every later change has to send. */
const TOKEN_SOURCES: readonly ApiName[] = ['me', 'signIn', 'setUp'];
/** A browser whose network changes, by another Wi-Fi or a VPN, drops what is on its way, and gets through right after. */
const ASK_AGAIN_MS = 400;
const UNREACHABLE = 'The server cannot be reached. Check your connection and try again.';

/**
 * `routes`: those that the page calls. All of them are `apiRoutes`; a page that shall load fast names fewer, since the
 * schemas of each are code.
 */
export function createApiClient(deps: {
  fetch: typeof fetch;
  routes: Partial<Record<ApiName, ApiRoute>>;
}): ApiClient {
  const signedOutListeners = new Set<() => void>();
  let csrfToken: string | undefined;

  async function send(name: ApiName, input: LooseInput): Promise<unknown> {
    const route = deps.routes[name];
    if (!route) throw new Error(`This page does not know the route ${name}.`);
    const { response, text } = await ask(route, input);
    if (!response.ok) throw readError(response, text);
    const reply = safeParse(route.reply, parseJson(text));
    if (!reply.success)
      throw GuruError.invalid('The server answered in a way this page does not know.', reply.error);
    if (TOKEN_SOURCES.includes(name)) csrfToken = (reply.data as { csrfToken: string }).csrfToken;
    return reply.data;
  }

  async function ask(route: ApiRoute, input: LooseInput): Promise<{ response: Response; text: string }> {
    const once = () =>
      reach(async () => {
        const response = await deps.fetch(urlOf(route, input), requestOf(route, input, csrfToken));
        return { response, text: await response.text() };
      });
    try {
      return await once();
    } catch (error) {
      // What only asks may be asked again; what changes something may have done so.
      if (route.method !== 'GET' || !(error instanceof GuruError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      return once();
    }
  }

  async function call(name: ApiName, input: LooseInput = {}): Promise<unknown> {
    try {
      return await send(name, input);
    } catch (error) {
      if (!(error instanceof GuruError)) throw error;
      if (error.code === 'unauthenticated') for (const listener of [...signedOutListeners]) listener();
      if (error.code !== 'bad-csrf-token') throw error;
      // Another tab signed in anew: fetch the token of that login, then try once more.
      await send('me', {});
      return send(name, input);
    }
  }

  return {
    call: call as ApiClient['call'],
    onSignedOut: (listener) => {
      signedOutListeners.add(listener);
      return () => signedOutListeners.delete(listener);
    },
  };
}

function urlOf(route: ApiRoute, { params = {}, query = {} }: LooseInput): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return `${API_BASE}${path}${search.size > 0 ? `?${search}` : ''}`;
}

function requestOf(route: ApiRoute, input: LooseInput, csrfToken: string | undefined): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (route.method !== 'GET' && csrfToken) headers['x-csrf-token'] = csrfToken;
  if (input.body !== undefined) {
    headers['content-type'] = route.file ? 'application/octet-stream' : 'application/json';
  }
  return {
    method: route.method,
    headers,
    credentials: 'same-origin',
    ...(input.body === undefined
      ? {}
      : { body: route.file ? fileOf(input.body) : JSON.stringify(input.body) }),
    ...(input.signal ? { signal: input.signal } : {}),
  };
}

/** The types of `call` leave nothing else for such a route. */
function fileOf(body: unknown): Uint8Array<ArrayBuffer> {
  return body as Uint8Array<ArrayBuffer>;
}

async function reach<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new GuruError('unavailable', UNREACHABLE, { cause: error });
  }
}

function readError(response: Response, text: string): GuruError {
  const parsed = safeParse(ErrorReply, parseJson(text));
  if (parsed.success) return fromWireError(parsed.data.error);
  if (response.status === 429)
    return GuruError.tooManyRequests(Number(response.headers.get('retry-after')) || 30);
  // A proxy in front of a server that is down answers in its own words.
  if (response.status >= 502 && response.status <= 504) return new GuruError('unavailable', UNREACHABLE);
  return new GuruError('internal', `The server answered with an error (${response.status}).`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schemas refuse `undefined` and say so.
    return undefined;
  }
}
