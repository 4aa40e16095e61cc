import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { duplexPair } from 'node:stream';
import { connect, createSecureContext, TLSSocket } from 'node:tls';
import type { SigningIdentity } from './signer.ts';
import type { SigningFiles } from './signer-config.ts';

/** Reads whose certificate it is. Throws in plain words when a file cannot be read, or the password does not open it. */
export async function readSigningIdentity(files: SigningFiles): Promise<SigningIdentity> {
  const certificate =
    'pfx' in files
      ? await certificateOfPfx(await read(files.pfx), await readPassword(files))
      : new X509Certificate(await read(files.certificate));
  if (Date.parse(certificate.validTo) < Date.now()) {
    throw new Error(`The certificate for signing expired on ${certificate.validTo}.`);
  }
  const name = /^CN=(.+)$/m.exec(certificate.subject)?.[1] ?? certificate.subject.replaceAll('\n', ', ');
  return { name, fingerprint: certificate.fingerprint256 };
}

async function readPassword({ passwordFile }: SigningFiles): Promise<string | undefined> {
  return passwordFile === undefined ? undefined : (await read(passwordFile)).toString('utf8').trim();
}

/** Node opens a PFX only to speak TLS with it: so it does that, with itself, and is shown the certificate. */
async function certificateOfPfx(pfx: Buffer, passphrase: string | undefined): Promise<X509Certificate> {
  const secureContext = openPfx(pfx, passphrase);
  const [left, right] = duplexPair();
  const server = new TLSSocket(left, { isServer: true, secureContext });
  const client = connect({ socket: right, rejectUnauthorized: false });
  // Whoever is cut off afterwards says so.
  for (const socket of [server, client]) socket.on('error', () => undefined);
  await once(client, 'secureConnect');
  const certificate = client.getPeerX509Certificate();
  client.destroy();
  server.destroy();
  if (!certificate) throw new Error('The PFX for signing has no certificate.');
  return certificate;
}

function openPfx(pfx: Buffer, passphrase: string | undefined) {
  try {
    return createSecureContext({ pfx, ...(passphrase === undefined ? {} : { passphrase }) });
  } catch (error) {
    throw new Error('The PFX for signing cannot be opened with this password.', { cause: error });
  }
}

function read(file: string): Promise<Buffer> {
  return readFile(file).catch((error: unknown): never => {
    throw new Error(`The file ${file} for signing cannot be read.`, { cause: error });
  });
}
