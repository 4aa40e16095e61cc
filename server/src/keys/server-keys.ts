import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Clock } from '../core/clock.ts';
import type { ServerKeys } from '../core/ports.ts';
import type { Database } from '../db/database.ts';
import { serverKeys } from '../db/schema/deployment.ts';

/** Keys in the `server_keys` table, made on first use. Two servers that make one at once agree on the first. */
export function createServerKeys(deps: { db: Database; clock: Clock }): ServerKeys {
  const known = new Map<string, Promise<string>>();

  function stored(name: string, make: () => string): Promise<string> {
    const value = known.get(name) ?? readOrMake(deps, name, make);
    known.set(name, value);
    // A failed read is tried again the next time.
    value.catch(() => known.delete(name));
    return value;
  }

  return {
    secret: async (name) =>
      Buffer.from(await stored(`secret:${name}`, () => randomBytes(32).toString('base64url')), 'base64url'),
    signingKey: async (name) => {
      const privateKeyPem = await stored(`signing:${name}`, newSigningKey);
      const spki = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'der' });
      return { privateKeyPem, publicKeySpkiBase64Url: spki.toString('base64url') };
    },
  };
}

async function readOrMake(
  { db, clock }: { db: Database; clock: Clock },
  name: string,
  make: () => string,
): Promise<string> {
  const read = () => db.select().from(serverKeys).where(eq(serverKeys.name, name));
  const [found] = await read();
  if (found) return found.value;
  await db.insert(serverKeys).values({ name, value: make(), createdAt: clock.now() }).onConflictDoNothing();
  const [made] = await read();
  if (!made) throw new Error(`The server key ${name} was not stored.`);
  return made.value;
}

function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
