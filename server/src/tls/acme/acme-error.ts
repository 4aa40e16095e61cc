import * as z from 'zod/mini';
import { Problem } from './acme-messages.ts';
import type { Answer } from './https-exchange.ts';

/** An authority's refusal; the message is its own words. */
export class AcmeError extends Error {
  /** The last word of the problem's type, for example `rateLimited`. */
  readonly kind: string;
  /** Seconds after which to try again, when the authority says so. */
  readonly retryAfter: number | undefined;

  constructor(what: string, problem: Problem | undefined, retryAfter?: number) {
    const kind = problem?.type?.split(':').at(-1) ?? 'unknown';
    super(`${what}: ${problem?.detail ?? 'no reason was given'} (${kind})`);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  static of(what: string, { status, body, retryAfter }: Answer): AcmeError {
    const parsed = z.safeParse(Problem, tryParse(body));
    const problem = parsed.success ? parsed.data : { detail: `HTTP ${status}` };
    return new AcmeError(what, problem, retryAfter);
  }
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
