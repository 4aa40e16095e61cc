import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from './self-signed.ts';

const PROGRAM = '/usr/bin/turnserver';
const SECRET = 'of-the-tests-alone';

/** A real coturn on this computer, over UDP, TCP and TLS. */
export interface TurnServer {
  readonly port: number;
  readonly tlsPort: number;
  /** What makes its credentials. */
  readonly secret: string;
  /** PEM of its own certificate. */
  readonly ca: string;
  /** Credentials as the GuruConnect server makes them. */
  credentials(secret?: string): { username: string; credential: string };
  /** All that it has said so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Whether coturn is installed. */
export const hasTurnServer = existsSync(PROGRAM);

export async function startTurnServer(): Promise<TurnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'guruconnect-turn-'));
  const { cert, key } = selfSigned();
  writeFileSync(join(folder, 'cert.pem'), cert);
  writeFileSync(join(folder, 'key.pem'), key);
  const [port, tlsPort] = [await freePort(), await freePort()];
  const values = {
    'listening-ip': '127.0.0.1',
    'listening-port': port,
    'tls-listening-port': tlsPort,
    'relay-ip': '127.0.0.1',
    'static-auth-secret': SECRET,
    realm: 'guruconnect.test',
    cert: join(folder, 'cert.pem'),
    pkey: join(folder, 'key.pem'),
    pidfile: join(folder, 'pid'),
    userdb: join(folder, 'db'),
    'log-file': 'stdout',
  };
  const flags = ['-n', '--no-cli', '--no-dtls', '--use-auth-secret', '--verbose', '--simple-log'];
  const named = Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(PROGRAM, [...flags, ...named], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      if (/DB connection success/.test(output)) resolve();
    });
    child.on('exit', () => reject(new Error(`coturn ended: ${output}`)));
  });
  return {
    port,
    tlsPort,
    secret: SECRET,
    ca: cert,
    credentials: (secret = SECRET) => {
      const username = `${Math.floor(Date.now() / 1000) + 600}:a-machine`;
      return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
    },
    output: () => output,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
