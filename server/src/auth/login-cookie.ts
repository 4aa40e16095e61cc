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
