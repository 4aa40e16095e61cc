/** Where peers are relayed that nothing else connects. */
export type RelayConfig =
  /** By a process that this server starts; under `url` when it is behind a proxy. */
  | { readonly kind: 'own'; readonly port: number; readonly url: string | undefined }
  /** By others, with whom a secret is shared. */
  | { readonly kind: 'others'; readonly urls: readonly string[]; readonly secret: string };
