import { DEFAULT_PREFERENCES, GuruError, type Me } from '@guruconnect/shared';
import { eq, sql } from 'drizzle-orm';
import type { ApiHandler, ApiRequest } from '../core/api-handlers.ts';
import type { Clock } from '../core/clock.ts';
import { meView } from '../core/me-view.ts';
import type { Passwords } from '../core/passwords.ts';
import type { AuditLog, LoginControl } from '../core/ports.ts';
import { newId, newToken, secretsEqual } from '../core/secrets.ts';
import { createThrottle } from '../core/throttle.ts';
import type { Database } from '../db/database.ts';
import { type UserRow, users } from '../db/schema/people.ts';

export interface SetupDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly logins: LoginControl;
  readonly audit: AuditLog;
  readonly nameCompany: (companyName: string) => Promise<void>;
}

/** First-run set-up. */
export interface Setup {
  /** The one-time token while there is no admin; undefined as soon as there is one, and for good. */
  token(): string | undefined;
  readonly handler: ApiHandler<'setUp'>;
}

/** The token is made anew at each start, printed on the console, and never stored. */
export async function createSetup(deps: SetupDeps): Promise<Setup> {
  let token = (await hasAdmin(deps.db)) ? undefined : newToken();
  const throttle = createThrottle({ tries: 20, perSeconds: 60 });

  async function setUp(request: ApiRequest<'setUp'>): Promise<Me> {
    await throttle.take('set-up');
    if (token === undefined) throw GuruError.notFound('This page');
    if (!secretsEqual(request.body.token, token)) {
      throw GuruError.notAllowed('set this server up: the link is not the one on its console');
    }
    const user = await createFirstAdmin(deps, request);
    token = undefined;
    if (!user) throw GuruError.notFound('This page');
    await deps.nameCompany(request.body.companyName);
    const { address, userAgent } = request;
    const login = await deps.logins.start(user.id, { address, userAgent });
    await deps.audit.append({
      actor: `user:${user.id}`,
      action: 'server.set-up',
      address,
      details: { username: user.username },
    });
    request.loginCookie.set(login.token);
    return meView(user, login.csrfToken);
  }

  return { token: () => token, handler: setUp };
}

/** The table lock makes a second set-up wait and then find the first one's admin; undefined in that case. */
async function createFirstAdmin(
  { db, clock, passwords }: SetupDeps,
  { body }: ApiRequest<'setUp'>,
): Promise<UserRow | undefined> {
  const user: UserRow = {
    id: newId(),
    username: body.username,
    name: body.name,
    role: 'admin',
    teamId: null,
    passwordHash: await passwords.hash(body.password),
    preferences: DEFAULT_PREFERENCES,
    disabledAt: null,
    createdAt: clock.now(),
    lastLoginAt: null,
  };
  return db.transaction(async (tx) => {
    await tx.execute(sql`LOCK TABLE users IN EXCLUSIVE MODE`);
    if (await hasAdmin(tx)) return undefined;
    await tx.insert(users).values(user);
    return user;
  });
}

async function hasAdmin(db: Pick<Database, 'select'>): Promise<boolean> {
  const rows = await db.select({ id: users.id }).from(users).where(eq(users.role, 'admin')).limit(1);
  return rows.length > 0;
}
