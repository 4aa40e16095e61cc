import { GuruError } from '@guruconnect/shared';
import { count, eq, sql } from 'drizzle-orm';
import type { ApiHandlers } from '../core/api-handlers.ts';
import type { Clock } from '../core/clock.ts';
import type { AuditLog } from '../core/ports.ts';
import { newId } from '../core/secrets.ts';
import type { Database } from '../db/database.ts';
import { teams, users } from '../db/schema/people.ts';
import { isUniqueViolation } from '../db/unique-violation.ts';

type Handlers = Pick<ApiHandlers, 'listTeams' | 'createTeam' | 'changeTeam' | 'deleteTeam'>;

/** Teams of technicians; the permission is asked before, on the route. */
export function createTeamHandlers(deps: { db: Database; clock: Clock; audit: AuditLog }): Handlers {
  const { db, clock, audit } = deps;
  return {
    listTeams: async () => ({
      teams: await db
        .select({ teamId: teams.id, name: teams.name, members: count(users.id) })
        .from(teams)
        .leftJoin(users, eq(users.teamId, teams.id))
        .groupBy(teams.id)
        .orderBy(sql`lower(${teams.name})`),
    }),
    createTeam: async ({ body, login, address }) => {
      const teamId = newId();
      await refuseTakenName(db.insert(teams).values({ id: teamId, name: body.name, createdAt: clock.now() }));
      await audit.append({
        actor: `user:${login.userId}`,
        action: 'team.created',
        address,
        details: { teamId, name: body.name },
      });
      return { teamId, name: body.name, members: 0 };
    },
    changeTeam: async ({ params, body, login, address }) => {
      const changed = await refuseTakenName(
        db
          .update(teams)
          .set({ name: body.name })
          .where(eq(teams.id, params.teamId))
          .returning({ id: teams.id }),
      );
      if (changed.length === 0) throw GuruError.notFound('This team');
      await audit.append({
        actor: `user:${login.userId}`,
        action: 'team.changed',
        address,
        details: { teamId: params.teamId, name: body.name },
      });
      return { teamId: params.teamId, name: body.name, members: await countMembers(db, params.teamId) };
    },
    deleteTeam: async ({ params, login, address }) => {
      if ((await countMembers(db, params.teamId)) > 0) {
        throw GuruError.conflict('This team still has members. Move them first.');
      }
      const deleted = await db
        .delete(teams)
        .where(eq(teams.id, params.teamId))
        .returning({ name: teams.name });
      const [team] = deleted;
      if (!team) throw GuruError.notFound('This team');
      await audit.append({
        actor: `user:${login.userId}`,
        action: 'team.deleted',
        address,
        details: { teamId: params.teamId, name: team.name },
      });
      return {};
    },
  };
}

async function countMembers(db: Database, teamId: string): Promise<number> {
  const [row] = await db.select({ members: count() }).from(users).where(eq(users.teamId, teamId));
  return row?.members ?? 0;
}

async function refuseTakenName<T>(query: PromiseLike<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new GuruError('name-taken', 'There is a team of this name already.', { cause: error });
  }
}
