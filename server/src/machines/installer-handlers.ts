import { type Actor, GuruError, type InstallerView, may } from '@guruconnect/shared';
import { and, desc, eq, isNull } from 'drizzle-orm';
import type { ApiHandlers, ApiRequest } from '../core/api-handlers.ts';
import { statusOf } from '../core/installer-status.ts';
import { sealInstallerToken } from '../core/installer-token.ts';
import type { MachinesDeps } from '../core/machine-features.ts';
import { hashToken, newId, newToken } from '../core/secrets.ts';
import { type InstallerRow, installers } from '../db/schema/machines.ts';
import { users } from '../db/schema/people.ts';
import { distinctTags } from './distinct-tags.ts';
import { storableInstant } from './storable-instant.ts';

type Deps = Pick<MachinesDeps, 'db' | 'clock' | 'audit' | 'companies' | 'keys'>;
type Handlers = Pick<ApiHandlers, 'listInstallers' | 'createInstaller' | 'revokeInstaller'>;

/** Installers: enrolment tokens with what they give to their machines. */
export function createInstallerHandlers(deps: Deps): Handlers {
  return {
    listInstallers: async ({ login }) => {
      const rows = await deps.db
        .select({ installer: installers, creator: users.name })
        .from(installers)
        .leftJoin(users, eq(users.id, installers.createdBy))
        .orderBy(desc(installers.createdAt), installers.id);
      return {
        installers: rows.flatMap(({ installer, creator }) => {
          const company = deps.companies.find(installer.companyId);
          if (!company || !may(login.actor, 'installer:list', company)) return [];
          return [viewOf(deps, installer, creator)];
        }),
      };
    },
    createInstaller: (request) => createInstaller(deps, request),
    revokeInstaller: (request) => revokeInstaller(deps, request),
  };
}

async function createInstaller(deps: Deps, request: ApiRequest<'createInstaller'>) {
  const { body, login, address } = request;
  const now = deps.clock.now();
  const company = deps.companies.find(body.companyId);
  if (!company || !may(login.actor, 'company:see', company)) throw GuruError.notFound('This company');
  if (!may(login.actor, 'installer:create', company)) {
    throw GuruError.notAllowed('make installers for this company');
  }
  if (body.expiresAt !== null && body.expiresAt <= now) {
    throw GuruError.invalid('The time of expiry has passed already.');
  }
  const token = newToken();
  const id = newId();
  const row: InstallerRow = {
    ...body,
    id,
    tags: distinctTags(body.tags),
    // Later than any database can say is as good as never.
    expiresAt: storableInstant(body.expiresAt),
    tokenHash: hashToken(token),
    sealedToken: await sealInstallerToken(deps.keys, id, token),
    createdBy: login.userId,
    createdAt: now,
    uses: 0,
    revokedAt: null,
  };
  await deps.db.insert(installers).values(row);
  const {
    tokenHash: _secret,
    sealedToken: _sealed,
    createdBy: _by,
    createdAt: _at,
    uses: _uses,
    revokedAt: _never,
    ...given
  } = row;
  await deps.audit.append({
    actor: `user:${login.userId}`,
    action: 'installer.created',
    address,
    details: { ...given, company: company.name },
  });
  return { installer: viewOf(deps, row, login.name), token };
}

/** Revoking twice keeps the time of the first. */
async function revokeInstaller(
  deps: Deps,
  { params, login, address }: ApiRequest<'revokeInstaller'>,
): Promise<InstallerView> {
  const before = await readRevocable(deps, login.actor, params.installerId);
  const [revoked] = await deps.db
    .update(installers)
    .set({ revokedAt: deps.clock.now() })
    .where(and(eq(installers.id, before.id), isNull(installers.revokedAt)))
    .returning();
  if (revoked) {
    await deps.audit.append({
      actor: `user:${login.userId}`,
      action: 'installer.revoked',
      address,
      details: {
        installerId: revoked.id,
        name: revoked.name,
        companyId: revoked.companyId,
        uses: revoked.uses,
      },
    });
  }
  const row = revoked ?? (await readRevocable(deps, login.actor, params.installerId));
  const [creator] = await deps.db
    .select({ name: users.name })
    .from(users)
    .where(eq(users.id, row.createdBy ?? login.userId));
  return viewOf(deps, row, creator?.name ?? null);
}

/** An installer of a hidden company answers as one that is not there. */
async function readRevocable(deps: Deps, actor: Actor, installerId: string): Promise<InstallerRow> {
  const [row] = await deps.db.select().from(installers).where(eq(installers.id, installerId));
  const company = row && deps.companies.find(row.companyId);
  if (!row || !company || !may(actor, 'company:see', company)) throw GuruError.notFound('This installer');
  if (!may(actor, 'installer:revoke', company)) {
    throw GuruError.notAllowed('revoke installers of this company');
  }
  return row;
}

function viewOf(deps: Deps, row: InstallerRow, creator: string | null): InstallerView {
  const { id, name, site, department, deviceType, tags, machineName } = row;
  return {
    installerId: id,
    name,
    company: { companyId: row.companyId, name: deps.companies.find(row.companyId)?.name ?? '' },
    site,
    department,
    deviceType,
    tags,
    machineName,
    createdBy: row.createdBy === null || creator === null ? null : { userId: row.createdBy, name: creator },
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    maxUses: row.maxUses,
    uses: row.uses,
    revokedAt: row.revokedAt,
    status: statusOf(row, deps.clock.now()),
  };
}
