import type { SessionView } from '@guruconnect/shared';
import type { ApiHandlers } from '../../core/api-handlers.ts';
import type { Login } from '../../core/ports.ts';
import type { SessionRow } from '../../db/schema/sessions.ts';
import type { SessionParts } from '../session-parts.ts';
import { sessionViewFor } from '../views/session-views.ts';

/** Handing a session over to another technician. */
export function transferHandlers(
  parts: SessionParts,
): Pick<ApiHandlers, 'offerTransfer' | 'answerTransfer' | 'transferChoices'> {
  const { access, transfers, clock } = parts;
  const viewOf = async (row: SessionRow, login: Login): Promise<SessionView> =>
    sessionViewFor(await parts.snapshots.readOne(row, clock.now()), login.actor, parts.presence);
  return {
    offerTransfer: async ({ params, body, login, address }) => {
      const row = await access.demand(login.actor, 'session:transfer', params.sessionId);
      return viewOf(await transfers.offer(row, body, login, address), login);
    },
    answerTransfer: async ({ params, body, login, address }) => {
      const row = await access.demand(login.actor, 'session:see', params.sessionId);
      return viewOf(await transfers[body.answer](row, login, address), login);
    },
    transferChoices: async ({ params, login }) => {
      const row = await access.demand(login.actor, 'session:transfer', params.sessionId);
      return { technicians: await transfers.choices(row, login.userId) };
    },
  };
}
