import { GuruError, toWireError } from '@guruconnect/shared';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Log } from '../core/ports.ts';

/** Answers everything under /api that no route took. */
export const unknownApiRoute: RequestHandler = () => {
  throw GuruError.notFound('This page');
};

/** Thrown errors as `{error: WireError}` with their status; the cause goes to the log only. */
export function createErrorMiddleware(log: Log): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    const error = fromExpress(thrown);
    const wire = toWireError(error);
    const status = error instanceof GuruError ? error.status : 500;
    if (status >= 500)
      log.error(
        { err: thrown, method: request.method, path: withoutSecrets(request.path) },
        'request failed',
      );
    if (response.headersSent) return next(thrown);
    const retryAfter = wire.details?.retryAfterSeconds;
    if (typeof retryAfter === 'number') response.set('Retry-After', String(retryAfter));
    response.status(status).set('Cache-Control', 'no-store').json({ error: wire });
  };
}

/** Session codes and launch tokens are segments of paths; a log must not hold them. */
export function withoutSecrets(path: string): string {
  return path.replace(/(?<=\/)(?:\d{6}|[A-Za-z0-9_-]{43})(?=[./]|$)/g, '[hidden]');
}

/** The body parser and the router throw errors of their own kind, with a status. */
function fromExpress(thrown: unknown): unknown {
  if (thrown instanceof GuruError || !(thrown instanceof Error)) return thrown;
  const status = 'status' in thrown ? thrown.status : undefined;
  if (status === 413) {
    return new GuruError('payload-too-large', 'The request is too large.', { cause: thrown });
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return GuruError.invalid('The request is malformed.', thrown);
  }
  return thrown;
}
