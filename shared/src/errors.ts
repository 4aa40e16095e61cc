import * as z from 'zod/mini';

/** Every reason a request can be refused for, with the HTTP status that says the same. */
export const ERROR_STATUS = {
  'invalid-message': 400,
  'unsupported-version': 400,
  unauthenticated: 401,
  'wrong-credentials': 401,
  'bad-origin': 403,
  'bad-csrf-token': 403,
  'not-allowed': 403,
  'other-browser': 403,
  'not-found': 404,
  'code-not-valid': 404,
  conflict: 409,
  'name-taken': 409,
  'illegal-transition': 409,
  'endpoint-offline': 409,
  'proof-of-work-required': 428,
  'too-many-requests': 429,
  'payload-too-large': 413,
  internal: 500,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof ERROR_STATUS;
const CODES = Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]];

/** What of an error crosses the wire: the code, a sentence for a person, and details that are safe to show. */
export const WireError = z.object({
  code: z.enum(CODES),
  message: z.string().check(z.maxLength(500)),
  details: z.optional(z.record(z.string(), z.unknown())),
});
export type WireError = z.infer<typeof WireError>;

/** The one error class: `code` and `message` cross the wire, `cause` goes to the log only. */
export class GuruError extends Error {
  override readonly name = 'GuruError';
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }

  static invalid(what: string, cause?: unknown): GuruError {
    return new GuruError('invalid-message', what, { cause });
  }
  static unauthenticated(): GuruError {
    return new GuruError('unauthenticated', 'Sign in first.');
  }
  static notAllowed(what: string): GuruError {
    return new GuruError('not-allowed', `You may not ${what}.`);
  }
  static notFound(what: string): GuruError {
    return new GuruError('not-found', `${what} does not exist.`);
  }
  static conflict(message: string): GuruError {
    return new GuruError('conflict', message);
  }
  static illegalTransition(message: string): GuruError {
    return new GuruError('illegal-transition', message);
  }
  /** One answer for unknown, cancelled, expired and used codes: it must not tell which (P2). */
  static codeNotValid(): GuruError {
    return new GuruError('code-not-valid', 'This code is not valid. Check the digits with your technician.');
  }
  static tooManyRequests(retryAfterSeconds: number): GuruError {
    return new GuruError('too-many-requests', 'Too many tries. Wait a moment and try again.', {
      details: { retryAfterSeconds },
    });
  }
}

/** Reduces anything thrown to what may cross the wire; unknown faults become `internal`. */
export function toWireError(error: unknown): WireError {
  if (error instanceof GuruError) {
    return { code: error.code, message: error.message, ...(error.details ? { details: error.details } : {}) };
  }
  return { code: 'internal', message: 'Something went wrong on the server.' };
}

/** Turns a wire error back into the class, so that callers can switch on `code`. */
export function fromWireError(error: WireError): GuruError {
  return new GuruError(error.code, error.message, error.details ? { details: error.details } : {});
}
