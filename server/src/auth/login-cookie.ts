/** Name of the cookie that holds a login's token. */
export const LOGIN_COOKIE = 'gc_login';

/** The token in a `Cookie` header; undefined when there is none, or two of them. */
export function readLoginCookie(header: string | undefined): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.trim().split(/=(.*)/s))
    .filter(([name]) => name === LOGIN_COOKIE)
    .map(([, value]) => value);
  return values.length === 1 ? values[0] : undefined;
}

interface CookieResponse {
  cookie(
    name: string,
    value: string,
    options: typeof OPTIONS & { secure: boolean; maxAge?: number },
  ): unknown;
  clearCookie(name: string, options: typeof OPTIONS & { secure: boolean }): unknown;
}

const OPTIONS = { httpOnly: true, sameSite: 'lax', path: '/' } as const;
/** The server decides how long a login lives; the browser only must not forget it earlier. */
const MAX_AGE_MS = 366 * 24 * 60 * 60_000;

export function setLoginCookie(response: CookieResponse, token: string, isSecure: boolean): void {
  response.cookie(LOGIN_COOKIE, token, { ...OPTIONS, secure: isSecure, maxAge: MAX_AGE_MS });
}

export function clearLoginCookie(response: CookieResponse, isSecure: boolean): void {
  response.clearCookie(LOGIN_COOKIE, { ...OPTIONS, secure: isSecure });
}
