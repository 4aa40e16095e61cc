import * as z from 'zod/mini';

/** Long enough to matter, short enough that hashing it is no way to load the server. */
export const NewPassword = z.string().check(z.minLength(12), z.maxLength(200));

/** What somebody types at sign-in; never trimmed, any length up to the same limit. */
export const TypedPassword = z.string().check(z.minLength(1), z.maxLength(200));

/** Sign-in name: letters, digits, dot, dash, underscore, at; compared without case. */
export const Username = z.string().check(z.trim(), z.toLowerCase(), z.regex(/^[a-z0-9][a-z0-9._@-]{1,62}$/));
