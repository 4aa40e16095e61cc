import { randomInt } from 'node:crypto';
import { GuruError } from '@guruconnect/shared';
import { and, eq, inArray, sql } from 'drizzle-orm';
import { newId } from '../../core/secrets.ts';
import type { Database } from '../../db/database.ts';
import { type SessionRow, sessionCodes, sessions } from '../../db/schema/sessions.ts';
import { isUniqueViolation } from '../../db/unique-violation.ts';

/** A released code is not handed out again for so long. */
export const CODE_REST_MS = 24 * 60 * 60_000;

/** With half of all codes in use this many draws fail once in 10^15. */
const MAX_DRAWS = 50;

export type NewSession = Omit<SessionRow, 'grantSequence'>;

/** The 6-digit codes (S1). The database refuses a second active code of the same digits. */
export class CodeStore {
  readonly #db: Database;
  readonly #draw: () => string;

  /** `draw` is replaced in tests that want collisions. */
  constructor(db: Database, draw: () => string = drawCode) {
    this.#db = db;
    this.#draw = draw;
  }

  /** Stores a session together with a code that nobody has and nobody had within the last 24 hours. */
  async createSession(session: NewSession): Promise<{ row: SessionRow; code: string }> {
    for (let draws = 0; draws < MAX_DRAWS; draws += 1) {
      const code = this.#draw();
      const row = await this.#tryCreate(session, code);
      if (row) return { row, code };
    }
    throw new GuruError('unavailable', 'No free code was found. Try again in a moment.');
  }

  /** The codes in use of these sessions, by session id. */
  async activeOf(sessionIds: readonly string[]): Promise<Map<string, string>> {
    if (sessionIds.length === 0) return new Map();
    const rows = await this.#db
      .select({ sessionId: sessionCodes.sessionId, code: sessionCodes.code })
      .from(sessionCodes)
      .where(and(inArray(sessionCodes.sessionId, [...sessionIds]), eq(sessionCodes.active, true)));
    return new Map(rows.map((row) => [row.sessionId, row.code]));
  }

  /** Undefined when the code is taken or rests; then nothing was stored. */
  async #tryCreate(session: NewSession, code: string): Promise<SessionRow | undefined> {
    const restsSince = new Date(session.createdAt - CODE_REST_MS).toISOString();
    try {
      return await this.#db.transaction(async (tx) => {
        const taken = await tx
          .select({ id: sessionCodes.id })
          .from(sessionCodes)
          .where(
            and(
              eq(sessionCodes.code, code),
              sql`(${sessionCodes.active} OR ${sessionCodes.releasedAt} > ${restsSince})`,
            ),
          )
          .limit(1);
        if (taken.length > 0) return undefined;
        const [row] = await tx.insert(sessions).values(session).returning();
        await tx.insert(sessionCodes).values({
          id: newId(),
          code,
          sessionId: session.id,
          active: true,
          createdAt: session.createdAt,
        });
        return row;
      });
    } catch (error) {
      if (isUniqueViolation(error)) return undefined;
      throw error;
    }
  }
}

function drawCode(): string {
  return randomInt(0, 1_000_000).toString().padStart(6, '0');
}
