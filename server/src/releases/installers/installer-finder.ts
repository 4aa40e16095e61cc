import { type Actor, GuruError, may, OpaqueToken } from '@guruconnect/shared';
import { eq } from 'drizzle-orm';
import * as z from 'zod/mini';
import type { ReleasesDeps } from '../../core/delivery-features.ts';
import { statusOf } from '../../core/installer-status.ts';
import { openInstallerToken } from '../../core/installer-token.ts';
import type { CompanyInfo } from '../../core/machine-ports.ts';
import { hashToken } from '../../core/secrets.ts';
import { type InstallerRow, installers } from '../../db/schema/machines.ts';

type Deps = Pick<ReleasesDeps, 'db' | 'clock' | 'companies' | 'keys' | 'log'>;

export interface FoundInstaller {
  readonly installer: InstallerRow;
  readonly company: CompanyInfo;
}

const MADE_BEFORE = 'This installer was made before this version; make a new one.';

/** Installers as their downloads need them. */
export class InstallerFinder {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The installer of a token that machines can enrol with now; undefined for every other text. */
  async byToken(token: string): Promise<FoundInstaller | undefined> {
    if (!z.safeParse(OpaqueToken, token).success) return undefined;
    const { db, clock, companies } = this.#deps;
    const [installer] = await db
      .select()
      .from(installers)
      .where(eq(installers.tokenHash, hashToken(token)));
    const company = installer && companies.find(installer.companyId);
    if (!installer || !company || statusOf(installer, clock.now()) !== 'active') return undefined;
    return { installer, company };
  }

  /** An installer that the actor may do that with. Throws; one of a hidden company is answered as if it were not there. */
  async byId(
    actor: Actor,
    installerId: string,
    action: 'installer:create' | 'installer:list',
    what: string,
  ): Promise<FoundInstaller> {
    const { db, companies } = this.#deps;
    const [installer] = await db.select().from(installers).where(eq(installers.id, installerId));
    const company = installer && companies.find(installer.companyId);
    if (!installer || !company || !may(actor, 'company:see', company)) {
      throw GuruError.notFound('This installer');
    }
    if (!may(actor, action, company)) throw GuruError.notAllowed(what);
    return { installer, company };
  }

  /** Throws when machines cannot enrol with it, or when it is from before tokens were kept. */
  async tokenOf({ installer }: FoundInstaller): Promise<string> {
    const { clock, keys, log } = this.#deps;
    const status = statusOf(installer, clock.now());
    if (status !== 'active') throw GuruError.conflict(`This installer is ${status}; make a new one.`);
    if (installer.sealedToken === null) throw new GuruError('not-found', MADE_BEFORE);
    try {
      return await openInstallerToken(keys, installer.id, installer.sealedToken);
    } catch (error) {
      // The database was put together from two, or somebody wrote into it.
      log.error({ err: error, installerId: installer.id }, 'the token of an installer does not open');
      throw new GuruError('not-found', MADE_BEFORE, { cause: error });
    }
  }
}
