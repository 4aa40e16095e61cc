/** Who signs Windows programs of this deployment. */
export interface SigningIdentity {
  /** Subject of the certificate, as people see it. */
  readonly name: string;
  /** Changes with the certificate: what was signed with another one is made anew. */
  readonly fingerprint: string;
}

/** Signs programs; the certificate and its key are known to a process of its own alone. */
export interface Signer {
  /** undefined: signing is not configured, or does not work now. */
  identity(): Promise<SigningIdentity | undefined>;
  /** Why it is configured and does not work; null when it does, or is not configured. */
  problem(): Promise<string | null>;
  /** Signs a file of the cache folder in place. Rejects with the reason in plain words. */
  sign(path: string): Promise<void>;
  /** Makes room in the signature of a signed file that can be written to without breaking it. */
  addBlob(path: string): Promise<void>;
  close(): Promise<void>;
}

export const NO_SIGNER: Signer = {
  identity: async () => undefined,
  problem: async () => null,
  sign: () => Promise.reject(new Error('Signing is not configured.')),
  addBlob: () => Promise.reject(new Error('Signing is not configured.')),
  close: async () => {},
};
