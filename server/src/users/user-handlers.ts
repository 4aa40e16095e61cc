import { DEFAULT_PREFERENCES, GuruError, may, type UserView } from '@guruconnect/shared';
import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import type { ApiHandlers, ApiRequest } from '../core/api-handlers.ts';
import type { Clock } from '../core/clock.ts';
import type { Passwords } from '../core/passwords.ts';
import type { AuditLog, LoginControl } from '../core/ports.ts';
import { newId } from '../core/secrets.ts';
import type { Database } from '../db/database.ts';
import { teams, type UserRow, users } from '../db/schema/people.ts';
import { isUniqueViolation } from '../db/unique-violation.ts';

export interface UserDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly logins: LoginControl;
  readonly audit: AuditLog;
}

type Handlers = Pick<ApiHandlers, 'listUsers' | 'createUser' | 'changeUser' | 'disableUser' | 'enableUser'>;
type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

/** Technicians: who there is, and what an admin changes about them. */
export function createUserHandlers(deps: UserDeps): Handlers {
  const { db, audit } = deps;
  return {
    listUsers: async () => {
      const rows = await db.select().from(users).orderBy(sql`lower(${users.name})`, users.username);
      return { users: rows.map(toView) };
    },
    createUser: (request) => createUser(deps, request),
    changeUser: (request) => changeUser(deps, request),
    disableUser: async ({ params, login, address }) => {
      if (!may(login.actor, 'user:disable', params)) throw GuruError.notAllowed('disable this person');
      const user = await setDisabled(deps, params.userId, deps.clock.now());
      await deps.logins.endAll(user.id, 'disabled');
      await audit.append({
        actor: `user:${login.userId}`,
        action: 'user.disabled',
        address,
        details: { userId: user.id, username: user.username },
      });
      return toView(user);
    },
    enableUser: async ({ params, login, address }) => {
      if (!may(login.actor, 'user:disable', params)) throw GuruError.notAllowed('enable this person');
      const user = await setDisabled(deps, params.userId, null);
      await audit.append({
        actor: `user:${login.userId}`,
        action: 'user.enabled',
        address,
        details: { userId: user.id, username: user.username },
      });
      return toView(user);
    },
  };
}

async function createUser(deps: UserDeps, request: ApiRequest<'createUser'>): Promise<UserView> {
  const { body, login, address } = request;
  await checkTeam(deps.db, body.teamId);
  const user: UserRow = {
    id: newId(),
    username: body.username,
    name: body.name,
    role: body.role,
    teamId: body.teamId,
    passwordHash: await deps.passwords.hash(body.password),
    preferences: DEFAULT_PREFERENCES,
    disabledAt: null,
    createdAt: deps.clock.now(),
    lastLoginAt: null,
  };
  try {
    await deps.db.insert(users).values(user);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new GuruError('name-taken', 'Somebody has this user name already.', { cause: error });
  }
  await deps.audit.append({
    actor: `user:${login.userId}`,
    action: 'user.created',
    address,
    details: { userId: user.id, username: user.username, role: user.role, teamId: user.teamId },
  });
  return toView(user);
}

async function changeUser(deps: UserDeps, request: ApiRequest<'changeUser'>): Promise<UserView> {
  const { params, body, login, address } = request;
  if (!may(login.actor, 'user:change', params)) throw GuruError.notAllowed('change this person');
  if (body.teamId !== undefined) await checkTeam(deps.db, body.teamId);
  const passwordHash = body.password === undefined ? undefined : await deps.passwords.hash(body.password);
  const { before, after } = await deps.db.transaction(async (tx) => {
    const before = await lockUser(tx, params.userId);
    if (before.role === 'admin' && body.role !== undefined && body.role !== 'admin') {
      await requireOtherAdmin(tx, before.id);
    }
    const after: UserRow = {
      ...before,
      name: body.name ?? before.name,
      role: body.role ?? before.role,
      teamId: body.teamId === undefined ? before.teamId : body.teamId,
      passwordHash: passwordHash ?? before.passwordHash,
    };
    const { name, role, teamId } = after;
    await tx
      .update(users)
      .set({ name, role, teamId, passwordHash: after.passwordHash })
      .where(eq(users.id, before.id));
    return { before, after };
  });
  // What somebody may do has changed, or their password was reset: whoever is signed in as them is out.
  if (after.role !== before.role || after.teamId !== before.teamId || passwordHash !== undefined) {
    await deps.logins.endAll(after.id, 'role-changed');
  }
  const { password: _secret, ...changes } = body;
  await deps.audit.append({
    actor: `user:${login.userId}`,
    action: 'user.changed',
    address,
    details: { userId: after.id, ...changes, passwordReset: passwordHash !== undefined },
  });
  return toView(after);
}

async function setDisabled(deps: UserDeps, userId: string, disabledAt: number | null): Promise<UserRow> {
  return deps.db.transaction(async (tx) => {
    const user = await lockUser(tx, userId);
    if (disabledAt !== null && user.role === 'admin') await requireOtherAdmin(tx, user.id);
    // A second disabling keeps the time of the first.
    const at = disabledAt === null ? null : (user.disabledAt ?? disabledAt);
    await tx.update(users).set({ disabledAt: at }).where(eq(users.id, userId));
    return { ...user, disabledAt: at };
  });
}

/** Locks all admins too, so that the last two cannot disable each other at once. */
async function lockUser(tx: Transaction, userId: string): Promise<UserRow> {
  await tx
    .select({ id: users.id })
    .from(users)
    .where(eq(users.role, 'admin'))
    .orderBy(users.id)
    .for('update');
  const [user] = await tx.select().from(users).where(eq(users.id, userId)).for('update');
  if (!user) throw GuruError.notFound('This person');
  return user;
}

/** Without an admin nobody could manage the deployment, and first-run set-up would open again. */
async function requireOtherAdmin(tx: Transaction, userId: string): Promise<void> {
  const others = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, 'admin'), isNull(users.disabledAt), ne(users.id, userId)))
    .limit(1);
  if (others.length === 0) throw GuruError.conflict('There must be another administrator first.');
}

async function checkTeam(db: Database, teamId: string | null): Promise<void> {
  if (teamId === null) return;
  const [team] = await db.select({ id: teams.id }).from(teams).where(eq(teams.id, teamId));
  if (!team) throw GuruError.notFound('This team');
}

function toView(user: UserRow): UserView {
  const { id, username, name, role, teamId, disabledAt, createdAt, lastLoginAt } = user;
  return { userId: id, username, name, role, teamId, disabled: disabledAt !== null, createdAt, lastLoginAt };
}
