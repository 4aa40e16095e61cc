import { DEFAULT_PREFERENCES, GuruError, type Preferences } from '@guruconnect/shared';
import { eq } from 'drizzle-orm';
import type { ApiHandlers, ApiNamesOfTag } from '../core/api-handlers.ts';
import { meView } from '../core/me-view.ts';
import type { Passwords } from '../core/passwords.ts';
import type { AuditLog, Login } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { type UserRow, users } from '../db/schema/people.ts';
import type { LaunchTickets } from './launch-tickets.ts';
import type { LoginsFeature } from './logins.ts';
import type { SignIn } from './sign-in.ts';

export interface AccountDeps {
  readonly db: Database;
  readonly logins: LoginsFeature;
  readonly signIn: SignIn;
  readonly tickets: LaunchTickets;
  readonly passwords: Passwords;
  readonly audit: AuditLog;
  /** Origin under which this computer reaches the server. */
  readonly localOrigin: () => string;
}

/** Signing in and out, and what people change about themselves. */
export function createAccountHandlers(deps: AccountDeps): Pick<ApiHandlers, ApiNamesOfTag<'Account'>> {
  return { ...signingHandlers(deps), ...loginHandlers(deps), ...ownDataHandlers(deps) };
}

function signingHandlers({ logins, signIn, audit }: AccountDeps) {
  return {
    signIn: async ({ body, address, userAgent, loginCookie }) => {
      const user = await signIn.check(body.username, body.password, address);
      const login = await logins.start(user.id, { address, userAgent });
      await audit.append({
        actor: `user:${user.id}`,
        action: 'login.succeeded',
        address,
        details: { loginId: login.loginId, userAgent },
      });
      loginCookie.set(login.token);
      return meView(user, login.csrfToken);
    },
    signOut: async ({ login, address, loginCookie }) => {
      await logins.end(login.userId, login.loginId, 'signed-out');
      await audit.append({ actor: `user:${login.userId}`, action: 'login.ended', address });
      loginCookie.clear();
      return {};
    },
    signOutEverywhere: async ({ login, address, loginCookie }) => {
      await logins.endAll(login.userId, 'signed-out');
      await audit.append({ actor: `user:${login.userId}`, action: 'login.ended-everywhere', address });
      loginCookie.clear();
      return {};
    },
  } satisfies Partial<ApiHandlers>;
}

function loginHandlers({ logins, tickets, audit, localOrigin }: AccountDeps) {
  return {
    listLogins: async ({ login }) => ({ logins: await logins.listOf(login.userId, login.loginId) }),
    endLogin: async ({ login, params, address, loginCookie }) => {
      if (!(await logins.end(login.userId, params.loginId, 'signed-out'))) {
        throw GuruError.notFound('This login');
      }
      await audit.append({
        actor: `user:${login.userId}`,
        action: 'login.ended',
        address,
        details: { loginId: params.loginId },
      });
      if (params.loginId === login.loginId) loginCookie.clear();
      return {};
    },
    createLaunchTicket: async ({ login, body }) => ({
      url: `${localOrigin()}/launch/${await tickets.create(login.userId, body.path)}`,
    }),
  } satisfies Partial<ApiHandlers>;
}

function ownDataHandlers({ db, logins, signIn, passwords, audit }: AccountDeps) {
  return {
    me: async ({ login }) => meView(await ownRow(db, login), login.csrfToken),
    changePassword: async ({ login, body, address }) => {
      // Counted like a sign-in: a borrowed browser is no place to guess the password from.
      await signIn.check(login.username, body.current, address);
      await db
        .update(users)
        .set({ passwordHash: await passwords.hash(body.next) })
        .where(eq(users.id, login.userId));
      await logins.endAll(login.userId, 'signed-out', login.loginId);
      await audit.append({ actor: `user:${login.userId}`, action: 'account.password-changed', address });
      return {};
    },
    changePreferences: async ({ login, body }) => {
      const { preferences } = await ownRow(db, login);
      // What is left out stays as it is.
      const chosen = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
      const next: Preferences = { ...DEFAULT_PREFERENCES, ...preferences, ...chosen };
      await db.update(users).set({ preferences: next }).where(eq(users.id, login.userId));
      return next;
    },
  } satisfies Partial<ApiHandlers>;
}

async function ownRow(db: Database, login: Login): Promise<UserRow> {
  const [user] = await db.select().from(users).where(eq(users.id, login.userId));
  if (!user) throw GuruError.unauthenticated();
  return user;
}
