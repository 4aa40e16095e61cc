import { and, count, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { ApiRequest } from '../../core/api-handlers.ts';
import type { ReleasesDeps, ReleasesFeature } from '../../core/delivery-features.ts';
import type { Mailer } from '../../core/mail-port.ts';
import type { Throttle } from '../../core/throttle.ts';
import { machines } from '../../db/schema/machines.ts';
import type { InstallerFinder } from './installer-finder.ts';
import { installerMail } from './installer-mail.ts';

interface Deps extends Pick<ReleasesDeps, 'db' | 'audit' | 'companies' | 'lines' | 'settings'> {
  readonly finder: InstallerFinder;
  readonly mailer: Mailer;
  /** So many mails of one person. */
  readonly throttle: Throttle;
  /** Origin that people open. */
  readonly ownOrigin: () => string;
}
type Handlers = Pick<ReleasesFeature['handlers'], 'revealInstaller' | 'installerMachines' | 'mailInstaller'>;

/** More than anybody looks through; the list of machines finds the others. */
const MAX_MACHINES = 500;

/** What can be had of an installer once it is made (B2, B3). */
export function createInstallerReleaseHandlers(deps: Deps): Handlers {
  return {
    revealInstaller: (request) => reveal(deps, request),
    installerMachines: (request) => listMachines(deps, request),
    mailInstaller: (request) => mail(deps, request),
  };
}

async function reveal({ finder, audit }: Deps, { params, login, address }: ApiRequest<'revealInstaller'>) {
  const found = await finder.byId(
    login.actor,
    params.installerId,
    'installer:create',
    'have installers of this company',
  );
  const token = await finder.tokenOf(found);
  await audit.append({
    actor: `user:${login.userId}`,
    action: 'installer.revealed',
    address,
    details: about(found.installer),
  });
  return { token };
}

async function listMachines(
  { finder, db, companies, lines }: Deps,
  { params, login }: ApiRequest<'installerMachines'>,
) {
  await finder.byId(login.actor, params.installerId, 'installer:list', 'see installers of this company');
  const scope = companies.scopeOf(login.actor);
  const filter = and(
    eq(machines.installerId, params.installerId),
    isNull(machines.removedAt),
    // Some may have moved to companies that this person does not reach.
    scope === 'all' ? undefined : inArray(machines.companyId, [...scope]),
  );
  const [counted] = await db.select({ total: count() }).from(machines).where(filter);
  const rows = await db
    .select({
      machineId: machines.id,
      name: sql<string>`coalesce(nullif(${machines.name}, ''), ${machines.hostname})`,
      enrolledAt: machines.firstSeenAt,
    })
    .from(machines)
    .where(filter)
    .orderBy(desc(machines.firstSeenAt), machines.id)
    .limit(MAX_MACHINES);
  return {
    machines: rows.map((row) => ({ ...row, online: lines().isOnline(row.machineId) })),
    total: counted?.total ?? 0,
  };
}

async function mail(deps: Deps, { params, body, login, address }: ApiRequest<'mailInstaller'>) {
  const { finder, audit, mailer, throttle, settings, ownOrigin } = deps;
  const found = await finder.byId(
    login.actor,
    params.installerId,
    'installer:create',
    'send installers of this company',
  );
  const token = await finder.tokenOf(found);
  mailer.assertReady();
  await throttle.take(login.userId);
  const message = installerMail({
    origin: ownOrigin(),
    token,
    kind: body.kind,
    note: body.note,
    sender: login.name || login.username,
    provider: settings.current().companyName,
    company: found.company.name,
    expiresAt: found.installer.expiresAt,
  });
  const details = { ...about(found.installer), to: body.to, kind: body.kind };
  // Whoever gets the mail can enrol machines: it is written down before it leaves.
  await audit.append({ actor: `user:${login.userId}`, action: 'installer.mailed', address, details });
  await mailer.send({ to: body.to, ...message });
  return {};
}

function about({ id, name, companyId }: { id: string; name: string; companyId: string }) {
  return { installerId: id, name, companyId };
}
