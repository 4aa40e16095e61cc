/** The sign-in page, with the way back here. */
export function signInPathFor(here: { readonly pathname: string; readonly search: string }): string {
  return `/app/login?${new URLSearchParams({ from: here.pathname + here.search })}`;
}
