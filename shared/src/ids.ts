import * as z from 'zod/mini';

/** Identifier of a row: a UUID made by the server. */
export const Id = z.uuid();
export type Id = z.infer<typeof Id>;

/** Milliseconds since the Unix epoch; times cross the wire as numbers. */
export const Timestamp = z.number().check(z.nonnegative());
export type Timestamp = z.infer<typeof Timestamp>;

/** Opaque secret made of 32 random bytes in base64url; only its SHA-256 is stored. */
export const OpaqueToken = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));

/** A name that people read: trimmed, one line, 1-80 characters, no control characters. */
export const DisplayName = z
  .string()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
  .check(z.trim(), z.minLength(1), z.maxLength(80), z.regex(/^[^\u0000-\u001f\u007f]+$/));
