/** A proxy that does not let a connection through. Its message is a sentence for people. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** Libraries wrap what went wrong in events and errors of their own: the proxy's part of it, in words. */
export function proxyProblemOf(error: unknown): string | undefined {
  let at = error;
  for (let depth = 0; depth < 6 && typeof at === 'object' && at !== null; depth += 1) {
    if (at instanceof ProxyError) return at.message;
    at = next(at);
  }
  return undefined;
}

function next(error: object): unknown {
  if ('description' in error && error.description) return error.description;
  if ('error' in error && error.error) return error.error;
  return 'cause' in error ? error.cause : undefined;
}
