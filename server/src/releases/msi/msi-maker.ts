import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Download } from '../http/send-download.ts';
import type { Artifact } from '../programs/artifact.ts';
import type { ReleaseSet } from '../programs/release-set.ts';
import { makeMsi } from './make-msi.ts';
import { makeTransform } from './make-transform.ts';
import { msiForToken } from './msi-for-token.ts';
import { guidOf } from './msi-identity.ts';
import type { MsiTools } from './msi-tools.ts';

interface Deps {
  readonly tools: MsiTools;
  readonly clock: Clock;
  /** The description of the package. */
  readonly source: string;
}

/** MSI files: one a set of programs, made once, and a copy with its token for each installer. */
export class MsiMaker {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Why there are none here; null when there are. */
  problem(): Promise<string | null> {
    return this.#deps.tools.problem(this.#deps.clock.now());
  }

  /** An installer's own MSI. */
  async forToken(set: ReleaseSet, token: string): Promise<Download> {
    const { path, sha256 } = await this.#plain(set);
    const { packageCode } = identityOf(set);
    return {
      // A few hundred kilobytes.
      parts: msiForToken(await readFile(path), token, packageCode),
      etag: createHash('sha256').update(`${sha256} ${token}`).digest('hex'),
      type: 'application/x-msi',
      fileName: 'GuruConnect.msi',
      cache: 'never',
    };
  }

  /** What gives any MSI of this set the token of this installer: msiexec /i … TRANSFORMS=guruconnect.mst. */
  transform(set: ReleaseSet, token: string): Download {
    const { productCode } = identityOf(set);
    const { version } = set.options.build;
    const bytes = makeTransform({ productCode, version, changed: { TOKEN: token }, added: {} });
    return {
      parts: [bytes],
      etag: createHash('sha256').update(bytes).digest('hex'),
      type: 'application/octet-stream',
      fileName: 'GuruConnect.mst',
      cache: 'never',
    };
  }

  /** The MSI of the set, with no token in it. */
  #plain(set: ReleaseSet): Promise<Artifact> {
    return set.artifact('GuruConnect.msi', async (target) => {
      const { config, build, signer } = set.options;
      const [service, ui] = [await set.service(), await set.ui()];
      await makeMsi({
        ...identityOf(set),
        tools: this.#deps.tools,
        source: this.#deps.source,
        target,
        version: build.version,
        company: config.company,
        servicePath: service.path,
        uiPath: ui.path,
      });
      if (!signer) return;
      await signer.sign(target);
      await signer.addBlob(target);
    });
  }
}

/** The folder of a set is named by the hash of all that went in. */
function identityOf(set: ReleaseSet) {
  const key = basename(set.options.directory);
  return { productCode: guidOf(key, 'product'), packageCode: guidOf(key, 'package') };
}
