import { isIPv6 } from 'node:net';
import { GuruError } from '@guruconnect/shared';
import { and, eq, isNull } from 'drizzle-orm';
import type { Passwords } from '../core/passwords.ts';
import type { AuditLog } from '../core/ports.ts';
import { createThrottle } from '../core/throttle.ts';
import type { Database } from '../db/database.ts';
import { type UserRow, users } from '../db/schema/people.ts';
import { createCredentialsCheck } from './credentials-check.ts';

const QUARTER_HOUR = 15 * 60;

export interface SignIn {
  /** The person whose name and password these are; throws `wrong-credentials` or `too-many-requests`. */
  check(username: string, password: string, address: string): Promise<UserRow>;
}

/**
 * Answers wrong name, wrong password and disabled account alike, in text and in work done. Tries are counted before
 * the password is looked at, so that parallel guesses count too.
 */
export function createSignIn(deps: { db: Database; passwords: Passwords; audit: AuditLog }): SignIn {
  // From one place on one name; on one name from everywhere (a botnet); from one place on all names.
  const throttles = [
    { throttle: createThrottle({ tries: 10, perSeconds: QUARTER_HOUR }), keyOf: pairKey },
    { throttle: createThrottle({ tries: 100, perSeconds: 4 * QUARTER_HOUR }), keyOf: nameKey },
    { throttle: createThrottle({ tries: 50, perSeconds: QUARTER_HOUR }), keyOf: addressKey },
  ];
  const checkCredentials = createCredentialsCheck<UserRow>((username, password) =>
    findByPassword(deps, username, password),
  );
  return {
    check: async (username, password, address) => {
      for (const { throttle, keyOf } of throttles) await throttle.take(keyOf(username, address));
      const user = await checkCredentials(username, password);
      if (!user) {
        await deps.audit.append({ actor: 'guest', action: 'login.failed', address, details: { username } });
        throw new GuruError('wrong-credentials', 'The user name or the password is wrong.');
      }
      for (const { throttle, keyOf } of throttles) await throttle.giveBack(keyOf(username, address));
      return user;
    },
  };
}

async function findByPassword(
  { db, passwords }: { db: Database; passwords: Passwords },
  username: string,
  password: string,
): Promise<UserRow | undefined> {
  const [user] = await db
    .select()
    .from(users)
    .where(and(eq(users.username, username), isNull(users.disabledAt)));
  return (await passwords.verify(user?.passwordHash, password)) ? user : undefined;
}

function pairKey(username: string, address: string): string {
  return `${username} ${networkOf(address)}`;
}

function nameKey(username: string): string {
  return username;
}

function addressKey(_username: string, address: string): string {
  return networkOf(address);
}

/** Whoever has one IPv6 address has 2^64 of them. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').length;
  return [...groups, ...Array<string>(Math.max(0, missing)).fill('0')].slice(0, 4).join(':');
}
