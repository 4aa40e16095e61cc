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

type Part<K extends string, V> = undefined extends V
  ? { readonly [P in K]?: undefined }
  : Record<string, never> extends V
    ? { readonly [P in K]?: V }
    : { readonly [P in K]: V };

/** What a route wants: path parameters, query and body, each only where the route has it. */
export type ApiInput<N extends ApiName> = Part<'params', ApiParams<N>> &
  Part<'query', ApiQuery<N>> &
  Part<'body', ApiBody<N>>;

interface RawInput {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** A program that uses the server's public API as a browser would: one cookie, one CSRF token, one origin. */
export class ApiClient {
  readonly origin: string;
  /** Sent with every request; `x-forwarded-for` to pose as another address behind a trusted proxy. */
  readonly headers: Record<string, string>;
  #cookie = '';
  #csrfToken = '';

  constructor(origin: string, headers: Record<string, string> = {}) {
    this.origin = origin;
    this.headers = headers;
  }

  /** The login cookie as `name=value`, empty while signed out. */
  get cookie(): string {
    return this.#cookie;
  }

  /** Calls a route; rejects with the server's GuruError when it is refused. */
  async call<N extends ApiName>(name: N, input: ApiInput<N>): Promise<ApiReply<N>> {
    const { status, body } = await this.send(name, input);
    if (status >= 400) throw errorOf(status, body);
    return z.parse(apiRoutes[name].reply, body) as ApiReply<N>;
  }

  /** Calls a route and returns whatever comes back; for tests of refusals. */
  async send(name: ApiName, input: RawInput): Promise<{ status: number; headers: Headers; body: unknown }> {
    const route: ApiRoute = apiRoutes[name];
    const response = await fetch(`${this.origin}${pathOf(route, input)}`, {
      method: route.method,
      redirect: 'manual',
      headers: {
        origin: this.origin,
        ...(this.#cookie ? { cookie: this.#cookie } : {}),
        ...(this.#csrfToken ? { 'x-csrf-token': this.#csrfToken } : {}),
        ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.headers,
      },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    });
    const text = await response.text();
    const body: unknown = text === '' ? undefined : parseJson(text);
    this.#remember(response, body);
    return { status: response.status, headers: response.headers, body };
  }

  /** Creates the first administrator with the token of the set-up link, and is signed in as them. */
  async setUp(token: string, admin: { username: string; password: string; name?: string }): Promise<void> {
    const { username, password, name = 'Administrator' } = admin;
    await this.call('setUp', { body: { token, companyName: 'Example MSP', name, username, password } });
    if (this.#cookie === '') await this.signIn(admin);
  }

  async signIn(user: { username: string; password: string }): Promise<void> {
    await this.call('signIn', { body: { username: user.username, password: user.password } });
  }

  #remember(response: Response, body: unknown): void {
    for (const line of response.headers.getSetCookie()) this.#cookie = line.split(';')[0] ?? '';
    const me = z.safeParse(z.object({ csrfToken: z.string() }), body);
    if (me.success) this.#csrfToken = me.data.csrfToken;
  }
}

function pathOf(route: ApiRoute, input: RawInput): string {
  const params = fieldsOf(input.params);
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params.get(name);
    if (value === null) throw new Error(`${route.path} wants the parameter ${name}.`);
    return encodeURIComponent(value);
  });
  const query = fieldsOf(input.query).toString();
  return `${API_BASE}${path}${query ? `?${query}` : ''}`;
}

/** The fields of an object that are set, as text. */
function fieldsOf(value: unknown): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [key, field] of Object.entries(value ?? {})) {
    if (field !== undefined) fields.set(key, String(field));
  }
  return fields;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function errorOf(status: number, body: unknown): Error {
  const parsed = z.safeParse(z.object({ error: WireError }), body);
  if (!parsed.success) return new Error(`The server answered ${status}: ${JSON.stringify(body)}`);
  return fromWireError(parsed.data.error);
}
