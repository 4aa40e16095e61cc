import type { Response } from 'express';

/** A sentence for people, on routes that are no part of the API. */
export function answerPlainly(response: Response, status: number, sentence: string): void {
  response.status(status).set('Cache-Control', 'no-store').type('text/plain').send(`${sentence}\n`);
}
