import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Download, DownloadPart } from '../http/send-download.ts';
import { wholeOf } from '../programs/artifact.ts';
import type { AgentPackage } from './agent-package.ts';
import { TAR_END, tarEntry } from './tar-entry.ts';

interface Deps {
  readonly agent: AgentPackage;
  /** The folder `installers/linux`. */
  readonly sources: string;
  readonly version: string;
}

/** Which server an installer is for; each text has been checked for what a shell would take for its own. */
export interface LinuxTarget {
  readonly origin: string;
  readonly token: string;
  /** PEM of an authority to trust besides the usual ones; empty for none. */
  readonly authority: string;
  readonly company: string;
}

const compress = promisify(gzip);
const SHELL_SCRIPT = 'text/x-shellscript; charset=utf-8';
const OFFSET_DIGITS = 6;

/** What installs the agent on Linux. */
export class LinuxInstallers {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** `curl … | sudo sh`. */
  async script({ origin, token, authority }: LinuxTarget): Promise<Download> {
    const text = fillIn(await this.#source('install.sh'), {
      ORIGIN: origin,
      TOKEN: token,
      AUTHORITY: authority.trim(),
    });
    const bytes = Buffer.from(text);
    return { parts: [bytes], etag: hashOf(text), type: SHELL_SCRIPT, cache: 'never' };
  }

  /** One session in one file; undefined where no agent is built. */
  async oneTime(target: Omit<LinuxTarget, 'token' | 'company'>, code: string): Promise<Download | undefined> {
    const agent = await this.#deps.agent.find();
    if (!agent) return undefined;
    const text = fillIn(await this.#source('one-time.run.sh'), {
      ORIGIN: target.origin,
      CODE: code,
      AUTHORITY: target.authority.trim(),
    });
    const bare = text.replaceAll('__OFFSET__', '0'.repeat(OFFSET_DIGITS));
    // `tail` counts from one.
    const offset = String(Buffer.byteLength(bare) + 1).padStart(OFFSET_DIGITS, '0');
    const head = Buffer.from(text.replaceAll('__OFFSET__', offset));
    return {
      parts: [head, wholeOf(agent)],
      etag: hashOf(head.toString(), agent.stamp),
      type: 'application/octet-stream',
      fileName: `GuruConnect-${code}.run`,
      cache: 'ask-first',
    };
  }

  /** A Debian package with the token in a file that root alone can read; undefined where no agent is built. */
  async debian(target: LinuxTarget): Promise<Download | undefined> {
    const files = await this.#deps.agent.debianFiles();
    if (!files) return undefined;
    const control = await this.#control(target, files.size);
    const secrets = await compress(Buffer.concat([...secretFiles(target), TAR_END]));
    const parts = [
      Buffer.from('!<arch>\n'),
      ...archived('debian-binary', [Buffer.from('2.0\n')]),
      ...archived('control.tar.gz', [control]),
      // gzip goes on after its end: the files of all packages, and then those of this one.
      ...archived('data.tar.gz', [wholeOf(files), secrets]),
    ];
    return {
      parts,
      etag: hashOf(files.sha256, control.toString('base64'), secrets.toString('base64')),
      type: 'application/vnd.debian.binary-package',
      fileName: `guruconnect-agent_${this.#deps.version}_amd64.deb`,
      cache: 'never',
    };
  }

  async #control({ origin, company }: LinuxTarget, size: number): Promise<Buffer> {
    const values = {
      ORIGIN: origin,
      VERSION: this.#deps.version,
      COMPANY: oneLine(company),
      // Unpacked it is about three times as much.
      KILOBYTES: String(Math.ceil((size * 3) / 1024)),
    };
    const scripts = await Promise.all(
      ['control', 'postinst', 'prerm', 'postrm'].map(async (name) =>
        tarEntry({
          name: `./${name}`,
          bytes: Buffer.from(fillIn(await this.#source(`deb/${name}`), values)),
          mode: name === 'control' ? 0o644 : 0o755,
        }),
      ),
    );
    return compress(Buffer.concat([...scripts, TAR_END]));
  }

  #source(name: string): Promise<string> {
    return readFile(join(this.#deps.sources, name), 'utf8');
  }
}

function secretFiles({ token, authority }: LinuxTarget): Buffer[] {
  const folder = './etc/guruconnect-agent/';
  return [
    tarEntry({ name: './etc/', bytes: Buffer.alloc(0), mode: 0o755 }),
    tarEntry({ name: folder, bytes: Buffer.alloc(0), mode: 0o700 }),
    tarEntry({ name: `${folder}token`, bytes: Buffer.from(`${token}\n`), mode: 0o600 }),
    ...(authority === ''
      ? []
      : [tarEntry({ name: `${folder}authority.pem`, bytes: Buffer.from(authority), mode: 0o600 })]),
  ];
}

/** A member of an `ar` archive, which Debian packages are. */
function archived(name: string, parts: readonly DownloadPart[]): DownloadPart[] {
  const size = parts.reduce(
    (sum, part) => sum + (part instanceof Uint8Array ? part.length : part.end - part.start),
    0,
  );
  const fields = [name.padEnd(16), '0'.padEnd(12), '0'.padEnd(6), '0'.padEnd(6), '100644'.padEnd(8)];
  const header = Buffer.from(`${fields.join('')}${String(size).padEnd(10)}\`\n`);
  return [header, ...parts, ...(size % 2 === 0 ? [] : [Buffer.from('\n')])];
}

function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/__([A-Z]+)__/g, (whole, name: string) => values[name] ?? whole);
}

/** Fields of a package end with their line. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}<>]+/gu, ' ').trim() || 'GuruConnect';
}

function hashOf(...texts: string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
