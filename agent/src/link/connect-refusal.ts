import { type ErrorCode, GuruError, WireError } from '@guruconnect/shared';
import * as z from 'zod/mini';

/** After one of these, trying again with the same token is of no use. */
const FINAL: readonly ErrorCode[] = [
  'unauthenticated',
  'wrong-credentials',
  'not-found',
  'not-allowed',
  'unsupported-version',
  'illegal-transition',
];

/**
 * Why the server does not want this agent, or undefined when the error may pass. Socket.IO carries the server's
 * error as `data` of its own error object.
 */
export function refusalOf(error: unknown): string | undefined {
  const wire = wireErrorOf(error);
  return wire && FINAL.includes(wire.code) ? wire.message : undefined;
}

function wireErrorOf(error: unknown): { code: ErrorCode; message: string } | undefined {
  if (error instanceof GuruError) return error;
  if (!(error instanceof Error) || !('data' in error)) return undefined;
  const parsed = z.safeParse(WireError, error.data);
  return parsed.success ? parsed.data : undefined;
}
