import { may, type SessionView } from '@guruconnect/shared';
import type { ApiHandlers } from '../../core/api-handlers.ts';
import type { Login } from '../../core/ports.ts';
import type { SessionRow } from '../../db/schema/sessions.ts';
import type { SessionParts } from '../session-parts.ts';
import { sessionViewFor } from '../views/session-views.ts';

const MAX_SHOWN = 100;
const PAGE = 200;
/** A machine whose sessions are nearly all somebody else's is not read to its beginning. */
const MAX_PAGES = 10;

/** Sessions on machines: started, and those that there were. */
export function machineSessionHandlers(
  parts: SessionParts,
): Pick<ApiHandlers, 'connectMachine' | 'machineSessions'> {
  const { connector, scope, snapshots, clock, presence } = parts;
  return {
    connectMachine: async ({ params, body, login, address }) => {
      const row = await connector.connect(params.machineId, body.visibility, { login, address });
      return sessionViewFor(await snapshots.readOne(row, clock.now()), login.actor, presence);
    },
    machineSessions: async ({ params, login }) => {
      const { machine } = await scope.demand(login.actor, 'machine:see', params.machineId);
      return { sessions: await historyOf(parts, machine.machineId, login) };
    },
  };
}

async function historyOf(parts: SessionParts, machineId: string, { actor }: Login): Promise<SessionView[]> {
  const views: SessionView[] = [];
  let last: SessionRow | undefined;
  for (let page = 0; page < MAX_PAGES && views.length < MAX_SHOWN; page += 1) {
    const rows = await parts.machineSessions.listOfMachine(machineId, PAGE, last);
    for (const snapshot of await parts.snapshots.read(rows, parts.clock.now())) {
      if (!may(actor, 'session:see', snapshot.target)) continue;
      views.push(sessionViewFor(snapshot, actor, parts.presence));
    }
    last = rows.at(-1);
    if (rows.length < PAGE) break;
  }
  return views.slice(0, MAX_SHOWN);
}
