/** How the server gets certificates from an ACME authority. */
export interface AcmeConfig {
  /** Host names that one certificate is for. */
  readonly domains: readonly string[];
  /** Where the authority writes about the account. */
  readonly email: string | undefined;
  readonly directoryUrl: string;
  /** PEM of the certificate authority of a private directory; undefined: node's own list. */
  readonly caFile: string | undefined;
  /** Where challenges are answered; the authority asks on port 80. */
  readonly httpPort: number;
}
