import * as z from 'zod/mini';

const Environment = z.object({
  SIGN_PFX_FILE: z.optional(z.string()),
  SIGN_PFX_PASSWORD_FILE: z.optional(z.string()),
  SIGN_CERT_FILE: z.optional(z.string()),
  SIGN_KEY_FILE: z.optional(z.string()),
  SIGN_TIMESTAMP_URL: z.optional(z.string()),
});

/** With what programs are signed; the signer's process alone reads these files. */
export type SigningFiles = {
  readonly timestampUrl: string | undefined;
  /** Of the PFX or of the key; undefined: it has none. */
  readonly passwordFile: string | undefined;
} & ({ readonly pfx: string } | { readonly certificate: string; readonly key: string });

/** Throws in plain words when neither a PFX nor a certificate with its key is named. */
export function readSigningFiles(variables: Readonly<Record<string, string | undefined>>): SigningFiles {
  const values = z.parse(Environment, variables);
  const more = { timestampUrl: values.SIGN_TIMESTAMP_URL, passwordFile: values.SIGN_PFX_PASSWORD_FILE };
  if (values.SIGN_PFX_FILE !== undefined) return { pfx: values.SIGN_PFX_FILE, ...more };
  if (values.SIGN_CERT_FILE !== undefined && values.SIGN_KEY_FILE !== undefined) {
    return { certificate: values.SIGN_CERT_FILE, key: values.SIGN_KEY_FILE, ...more };
  }
  throw new Error('Neither SIGN_PFX_FILE nor SIGN_CERT_FILE with SIGN_KEY_FILE is set.');
}
