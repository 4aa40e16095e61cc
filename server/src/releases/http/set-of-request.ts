import { GuruError } from '@guruconnect/shared';
import type { Request, Response } from 'express';
import { requestOrigin } from '../../core/request-origin.ts';
import type { ReleaseSet } from '../programs/release-set.ts';
import type { ReleaseShelf } from '../programs/release-shelf.ts';
import { answerPlainly } from './plain-answer.ts';

/** The programs for whoever asks; undefined when it was answered that there are none. */
export type SetOfRequest = (request: Request, response: Response) => Promise<ReleaseSet | undefined>;

const NOT_BUILT =
  'This server has no program for Windows yet. Whoever runs the server makes it with: npm run build:windows';

export function createSetOfRequest(deps: {
  shelf: ReleaseShelf;
  publicUrl: string | undefined;
}): SetOfRequest {
  return async (request, response) => {
    const origin = deps.publicUrl ?? requestOrigin(request);
    if (origin === undefined) {
      answerPlainly(response, 400, 'The request does not say which server it is for.');
      return undefined;
    }
    try {
      const set = await deps.shelf.setFor(origin);
      if (!set) answerPlainly(response, 404, NOT_BUILT);
      return set;
    } catch (error) {
      if (!(error instanceof GuruError)) throw error;
      answerPlainly(response, error.status, error.message);
      return undefined;
    }
  };
}
