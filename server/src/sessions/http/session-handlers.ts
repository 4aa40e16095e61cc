import { may, type SessionView } from '@guruconnect/shared';
import type { ApiHandlers, ApiNamesOfTag } from '../../core/api-handlers.ts';
import type { Login } from '../../core/ports.ts';
import type { SessionRow } from '../../db/schema/sessions.ts';
import type { SessionParts } from '../session-parts.ts';
import { sessionViewFor } from '../views/session-views.ts';
import { transferHandlers } from './transfer-handlers.ts';

const DEFAULT_LIMIT = 100;
const MAX_ACTIVE = 1_000;
/** Ended sessions are read in pages until enough of them may be seen; not for ever. */
const PAGE = 200;
const MAX_PAGES = 10;

/** Routes of technicians' sessions; `may()` is asked on the session itself. */
export function sessionHandlers(parts: SessionParts): Pick<ApiHandlers, ApiNamesOfTag<'Sessions'>> {
  const { access, creator, owner, ender, desk, sessions, clock, presence } = parts;
  const viewOf = async (row: SessionRow, login: Login): Promise<SessionView> =>
    sessionViewFor(await parts.snapshots.readOne(row, clock.now()), login.actor, presence);
  return {
    listSessions: async ({ query, login }) => {
      const limit = query.limit ?? DEFAULT_LIMIT;
      return { sessions: await list(parts, login, query.state ?? 'active', limit) };
    },
    createSession: async ({ body, login, address }) =>
      viewOf(await creator.create(login, body, address), login),
    claimCode: async ({ body, login, address }) =>
      viewOf(await owner.claimByCode(body.code, login, address), login),
    getSession: async ({ params, login }) =>
      viewOf(await access.demand(login.actor, 'session:see', params.sessionId), login),
    claimSession: async ({ params, login, address }) => {
      await access.demand(login.actor, 'session:claim', params.sessionId);
      return viewOf(await owner.claim(params.sessionId, login, address), login);
    },
    changeSession: async ({ params, body, login, address }) => {
      await access.demand(login.actor, 'session:change', params.sessionId);
      return viewOf(await owner.edit(params.sessionId, login, body, address), login);
    },
    cancelSession: async ({ params, login, address }) => {
      await access.demand(login.actor, 'session:cancel', params.sessionId);
      return viewOf(await ender.cancel(params.sessionId, `user:${login.userId}`, address), login);
    },
    endSession: async ({ params, login, address }) => {
      const row = await access.demand(login.actor, 'session:end', params.sessionId);
      const isAdminsWord = login.actor.role === 'admin' && row.ownerId !== login.userId;
      const reason = isAdminsWord ? 'admin-ended' : 'technician-ended';
      const ended = await ender.end(row.id, { reason, actor: `user:${login.userId}`, address });
      return viewOf(ended, login);
    },
    ...transferHandlers(parts),
    answerKnock: async ({ params, body, login, address }) => {
      const row = await access.demand(login.actor, 'session:admit', params.sessionId);
      await desk.answer(row, params.knockId, body.admit, login, address);
      return viewOf((await sessions.find(row.id)) ?? row, login);
    },
    sessionQuality: async ({ params, login }) => {
      const row = await access.demand(login.actor, 'session:see', params.sessionId);
      return { peers: await parts.quality.ofSession(row.id) };
    },
    sessionAudit: async ({ params, login }) => {
      const row = await access.demand(login.actor, 'session:change', params.sessionId);
      return { entries: await parts.auditReader.ofSession(row.id) };
    },
  };
}

async function list(
  parts: SessionParts,
  login: Login,
  state: 'active' | 'ended',
  limit: number,
): Promise<SessionView[]> {
  const views: SessionView[] = [];
  const add = async (rows: SessionRow[]) => {
    for (const snapshot of await parts.snapshots.read(rows, parts.clock.now())) {
      if (views.length >= limit || !may(login.actor, 'session:see', snapshot.target)) continue;
      views.push(sessionViewFor(snapshot, login.actor, parts.presence));
    }
  };
  if (state === 'active') {
    await add(await parts.sessions.listActive(MAX_ACTIVE));
    return views;
  }
  let last: SessionRow | undefined;
  for (let page = 0; page < MAX_PAGES && views.length < limit; page += 1) {
    const rows = await parts.sessions.listEnded(PAGE, last);
    await add(rows);
    last = rows.at(-1);
    if (rows.length < PAGE) break;
  }
  return views;
}
