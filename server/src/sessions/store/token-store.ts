import { and, desc, eq, isNull, ne } from 'drizzle-orm';
import { hashToken, newToken } from '../../core/secrets.ts';
import type { Database } from '../../db/database.ts';
import { sessionTokens } from '../../db/schema/sessions.ts';

/** Whom a session token stands for. */
export type TokenHolder =
  | { readonly kind: 'guest'; readonly sessionId: string }
  | { readonly kind: 'agent'; readonly sessionId: string; readonly agentId: string };

/** The tokens that a guest panel and an agent come back with; only their hashes are kept. */
export class TokenStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Makes a token; this is the only time it is seen in the clear. */
  async issue(holder: TokenHolder, now: number): Promise<string> {
    const token = newToken();
    await this.#db.insert(sessionTokens).values({
      tokenHash: hashToken(token),
      sessionId: holder.sessionId,
      kind: holder.kind,
      agentId: holder.kind === 'agent' ? holder.agentId : null,
      createdAt: now,
    });
    return token;
  }

  /** Who holds the token; undefined when it is unknown or was revoked. */
  async find(token: string): Promise<TokenHolder | undefined> {
    const [row] = await this.#db
      .select()
      .from(sessionTokens)
      .where(and(eq(sessionTokens.tokenHash, hashToken(token)), isNull(sessionTokens.revokedAt)));
    if (!row) return undefined;
    if (row.kind === 'guest') return { kind: 'guest', sessionId: row.sessionId };
    return row.agentId === null
      ? undefined
      : { kind: 'agent', sessionId: row.sessionId, agentId: row.agentId };
  }

  /** The agent that got the session's newest token. */
  async newestAgentOf(sessionId: string): Promise<string | undefined> {
    const [row] = await this.#db
      .select({ agentId: sessionTokens.agentId })
      .from(sessionTokens)
      .where(and(eq(sessionTokens.sessionId, sessionId), eq(sessionTokens.kind, 'agent')))
      .orderBy(desc(sessionTokens.createdAt))
      .limit(1);
    return row?.agentId ?? undefined;
  }

  /** Voids the tokens of every agent of the session. */
  async revokeAgents(sessionId: string, now: number): Promise<void> {
    await this.#db
      .update(sessionTokens)
      .set({ revokedAt: now })
      .where(
        and(
          eq(sessionTokens.sessionId, sessionId),
          eq(sessionTokens.kind, 'agent'),
          isNull(sessionTokens.revokedAt),
        ),
      );
  }

  /** Voids the tokens of every agent of the session but one. */
  async revokeOtherAgents(sessionId: string, agentId: string, now: number): Promise<void> {
    await this.#db
      .update(sessionTokens)
      .set({ revokedAt: now })
      .where(
        and(
          eq(sessionTokens.sessionId, sessionId),
          eq(sessionTokens.kind, 'agent'),
          ne(sessionTokens.agentId, agentId),
          isNull(sessionTokens.revokedAt),
        ),
      );
  }
}
