import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Hands out bytes by path as the real server does, Range included; on request it misbehaves. */
export class ReleaseServer {
  readonly files = new Map<string, Buffer>();
  /** `path` or `path Range`, in the order of asking. */
  readonly requests: string[] = [];
  /** Cuts the next answer off after so many bytes. */
  cutAfter: number | undefined;
  /** Says that it cannot continue downloads. */
  ignoresRange = false;
  readonly #server: Server;
  readonly #scheme: string;
  /** PEM of who vouches for it; empty for plain HTTP. */
  readonly authority: string;

  private constructor(secure: { key: Buffer; cert: Buffer; authority: string } | undefined) {
    const answer = (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response);
    this.#server = secure ? createSecureServer(secure, answer) : createServer(answer);
    this.#scheme = secure ? 'https' : 'http';
    this.authority = secure?.authority ?? '';
  }

  static async start(options: { secure?: boolean } = {}): Promise<ReleaseServer> {
    const server = new ReleaseServer(options.secure ? makeCertificate() : undefined);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get origin(): string {
    return `${this.#scheme}://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { range } = request.headers;
    const path = request.url ?? '';
    this.requests.push(range ? `${path} ${range}` : path);
    const bytes = this.files.get(path);
    if (!bytes) {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('This download does not exist.');
      return;
    }
    const start = this.ignoresRange ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, { 'Content-Length': bytes.length - start });
    const { cutAfter } = this;
    this.cutAfter = undefined;
    if (cutAfter === undefined) response.end(bytes.subarray(start));
    else
      response.write(bytes.subarray(start, start + cutAfter), () =>
        setTimeout(() => response.destroy(), 300),
      );
  }
}

/** A certificate for localhost and the authority that signed it, for this run only. */
function makeCertificate(): { key: Buffer; cert: Buffer; authority: string } {
  const folder = mkdtempSync(join(tmpdir(), 'guruconnect-certificate-'));
  const openssl = (line: string) => execFileSync('openssl', line.split(' '), { cwd: folder, stdio: 'pipe' });
  const fresh = 'req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes';
  try {
    openssl(`${fresh} -x509 -subj /CN=Test -days 9 -keyout ca.key -out ca.pem`);
    openssl(
      `${fresh} -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout key.pem -out request.pem`,
    );
    openssl(
      'x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copy -days 9 -out cert.pem',
    );
    const read = (name: string) => readFileSync(join(folder, name));
    return { key: read('key.pem'), cert: read('cert.pem'), authority: read('ca.pem').toString() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
