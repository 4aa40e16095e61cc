import { readFileSync } from 'node:fs';

/** What a relay that runs on its own is told from outside; one beside a server is told by that server. */
export interface RelayConfig {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  readonly tlsFiles: { readonly certFile: string; readonly keyFile: string } | undefined;
}

const DEFAULT_PORT = 8081;
const MIN_SECRET_LENGTH = 32;

/** Reads the environment; `RELAY_SECRET_FILE` names a file that holds the secret. Throws one error with every fault. */
export function readRelayConfig(env: NodeJS.ProcessEnv = process.env): RelayConfig {
  const faults: string[] = [];
  const host = env.RELAY_HOST || '127.0.0.1';
  const port = Number(env.RELAY_PORT || DEFAULT_PORT);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) faults.push('RELAY_PORT: must be a port');
  const secret = readSecret(env, faults);
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = env;
  if (Boolean(certFile) !== Boolean(keyFile)) {
    faults.push('TLS_CERT_FILE and TLS_KEY_FILE: set both or neither');
  }
  if (!certFile && !/^(127\.|::1$|localhost$)/.test(host) && env.RELAY_BEHIND_PROXY !== 'yes') {
    faults.push('TLS_CERT_FILE: needed beyond this computer; or say RELAY_BEHIND_PROXY=yes');
  }
  if (faults.length > 0) throw new Error(`The configuration has faults:\n  - ${faults.join('\n  - ')}`);
  return { host, port, secret, tlsFiles: certFile && keyFile ? { certFile, keyFile } : undefined };
}

function readSecret(env: NodeJS.ProcessEnv, faults: string[]): string {
  let secret = env.RELAY_SECRET ?? '';
  if (!secret && env.RELAY_SECRET_FILE) {
    try {
      secret = readFileSync(env.RELAY_SECRET_FILE, 'utf8').trim();
    } catch {
      faults.push(`RELAY_SECRET_FILE: ${env.RELAY_SECRET_FILE} cannot be read`);
    }
  }
  if (secret.length < MIN_SECRET_LENGTH) {
    faults.push(`RELAY_SECRET: must have ${MIN_SECRET_LENGTH} characters or more, the same as the server's`);
  }
  return secret;
}
