import { createHmac } from 'node:crypto';
import type { LoginView } from '@guruconnect/shared';
import { and, eq, gte, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Clock } from '../core/clock.ts';
import type {
  EndedLogin,
  Log,
  Login,
  LoginControl,
  LoginEndReason,
  Logins,
  ServerKeys,
  Settings,
} from '../core/ports.ts';
import { hashToken, newId, newToken } from '../core/secrets.ts';
import type { Database } from '../db/database.ts';
import { logins, users } from '../db/schema/people.ts';
import { readLoginCookie } from './login-cookie.ts';

const MINUTE_MS = 60_000;
/** How late an expired login may be noticed when nobody uses it. */
const SWEEP_MS = 10_000;
const MAX_USER_AGENT = 300;

export interface LoginsFeature extends Logins, LoginControl {
  listOf(userId: string, currentLoginId: string): Promise<LoginView[]>;
  /** Ends one login of a person; false when they have no such live login. */
  end(userId: string, loginId: string, reason: LoginEndReason): Promise<boolean>;
  close(): void;
}

interface Deps {
  readonly db: Database;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly keys: ServerKeys;
  readonly log: Log;
}

/** Signed-in browsers: rows with opaque tokens, so that each can be listed and ended at once. */
export async function createLogins(deps: Deps): Promise<LoginsFeature> {
  const { db, clock } = deps;
  const csrfSecret = await deps.keys.secret('csrf');
  const csrfTokenOf = (loginId: string) =>
    createHmac('sha256', csrfSecret).update(loginId).digest('base64url');
  const listeners = new Set<(ended: EndedLogin) => void>();

  async function endWhere(condition: SQL | undefined, reason: LoginEndReason): Promise<number> {
    const rows = await db
      .update(logins)
      .set({ endedAt: clock.now() })
      .where(and(isNull(logins.endedAt), condition))
      .returning({ loginId: logins.id, userId: logins.userId });
    for (const row of rows) tellAll(listeners, { ...row, reason }, deps.log);
    return rows.length;
  }

  const sweep = () => endWhere(isExpired(deps), 'expired');
  const stopSweeping = clock.every(SWEEP_MS, () => {
    sweep().catch((error) => deps.log.error({ err: error }, 'expired logins could not be ended'));
  });

  return {
    authenticate: (cookieHeader) => authenticate(deps, cookieHeader, csrfTokenOf, sweep),
    touch: (loginId) => touch(deps, loginId),
    isLive: (loginId) => isLive(deps, loginId),
    tieToBrowser: (loginId, browserKey) => tieToBrowser(deps, loginId, browserKey),
    onEnded: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: async (userId, from) => {
      const loginId = newId();
      const token = newToken();
      const now = clock.now();
      await db.insert(logins).values({
        id: loginId,
        tokenHash: hashToken(token),
        userId,
        address: from.address,
        userAgent: from.userAgent.slice(0, MAX_USER_AGENT),
        createdAt: now,
        lastSeenAt: now,
      });
      await db.update(users).set({ lastLoginAt: now }).where(eq(users.id, userId));
      return { loginId, token, csrfToken: csrfTokenOf(loginId) };
    },
    endAll: async (userId, reason, except) => {
      const others = except === undefined ? undefined : ne(logins.id, except);
      await endWhere(and(eq(logins.userId, userId), others), reason);
    },
    end: async (userId, loginId, reason) =>
      (await endWhere(and(eq(logins.userId, userId), eq(logins.id, loginId)), reason)) > 0,
    listOf: async (userId, currentLoginId) => {
      const rows = await db
        .select()
        .from(logins)
        .where(and(eq(logins.userId, userId), isNull(logins.endedAt)))
        .orderBy(logins.createdAt);
      return rows.map(({ id, address, userAgent, createdAt, lastSeenAt }) => ({
        loginId: id,
        current: id === currentLoginId,
        address,
        userAgent,
        createdAt,
        lastSeenAt,
      }));
    },
    close: stopSweeping,
  };
}

async function authenticate(
  deps: Deps,
  cookieHeader: string | undefined,
  csrfTokenOf: (loginId: string) => string,
  sweep: () => Promise<number>,
): Promise<Login | undefined> {
  const token = readLoginCookie(cookieHeader);
  if (token === undefined) return undefined;
  const [row] = await deps.db
    .select({ login: logins, user: users })
    .from(logins)
    .innerJoin(users, eq(users.id, logins.userId))
    .where(and(eq(logins.tokenHash, hashToken(token)), isNull(logins.endedAt), isNull(users.disabledAt)));
  if (!row) return undefined;
  const { login, user } = row;
  const { idleSince, startedSince } = limits(deps);
  if (login.lastSeenAt < idleSince || login.createdAt < startedSince) {
    await sweep();
    return undefined;
  }
  if (login.lastSeenAt < deps.clock.now() - MINUTE_MS) await touch(deps, login.id);
  return {
    loginId: login.id,
    userId: user.id,
    username: user.username,
    name: user.name,
    actor: { userId: user.id, role: user.role, teamId: user.teamId },
    csrfToken: csrfTokenOf(login.id),
  };
}

async function isLive(deps: Deps, loginId: string): Promise<boolean> {
  const { idleSince, startedSince } = limits(deps);
  const [row] = await deps.db
    .select({ id: logins.id })
    .from(logins)
    .innerJoin(users, eq(users.id, logins.userId))
    .where(
      and(
        eq(logins.id, loginId),
        isNull(logins.endedAt),
        isNull(users.disabledAt),
        gte(logins.lastSeenAt, idleSince),
        gte(logins.createdAt, startedSince),
      ),
    );
  return row !== undefined;
}

/** In one statement: of two browsers that come at once with one cookie, one gets it. */
async function tieToBrowser({ db }: Deps, loginId: string, browserKey: string): Promise<boolean> {
  const [row] = await db
    .update(logins)
    .set({ browserKey: sql`coalesce(${logins.browserKey}, ${browserKey})` })
    .where(and(eq(logins.id, loginId), isNull(logins.endedAt)))
    .returning({ browserKey: logins.browserKey });
  return row?.browserKey === browserKey;
}

/** Never revives a login whose time is over, even when the sweep has not seen it yet. */
async function touch({ db, clock, settings }: Deps, loginId: string): Promise<void> {
  const now = clock.now();
  const { idleSince } = limits({ clock, settings });
  await db
    .update(logins)
    .set({ lastSeenAt: now })
    .where(
      and(
        eq(logins.id, loginId),
        isNull(logins.endedAt),
        gte(logins.lastSeenAt, idleSince),
        lt(logins.lastSeenAt, now - MINUTE_MS),
      ),
    );
}

/** A login lives while it was used since `idleSince` and began since `startedSince`. */
function limits({ clock, settings }: Pick<Deps, 'clock' | 'settings'>) {
  const { loginIdleMinutes, loginMaximumMinutes } = settings.current();
  const now = clock.now();
  return {
    idleSince: now - loginIdleMinutes * MINUTE_MS,
    startedSince: now - loginMaximumMinutes * MINUTE_MS,
  };
}

function isExpired(deps: Deps): SQL | undefined {
  const { idleSince, startedSince } = limits(deps);
  return or(lt(logins.lastSeenAt, idleSince), lt(logins.createdAt, startedSince));
}

function tellAll(listeners: Iterable<(ended: EndedLogin) => void>, ended: EndedLogin, log: Log): void {
  for (const listener of listeners) {
    try {
      listener(ended);
    } catch (error) {
      log.error({ err: error, loginId: ended.loginId }, 'a listener for ended logins failed');
    }
  }
}
