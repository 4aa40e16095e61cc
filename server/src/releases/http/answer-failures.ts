import { GuruError } from '@guruconnect/shared';
import type { ErrorRequestHandler } from 'express';
import type { Log } from '../../core/ports.ts';
import { answerPlainly } from './plain-answer.ts';

/** What could not be made, as a sentence: whoever downloads is a person, and no page that reads JSON. */
export function answerFailures(log: Log): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof GuruError) return answerPlainly(response, error.status, error.message);
    log.error({ err: error }, 'a download could not be made');
    answerPlainly(response, 503, 'This cannot be made at the moment. Try again in a few minutes.');
  };
}
