import { GuruError, THUMBNAIL_GAP_MS } from '@guruconnect/shared';
import type { ApiHandlers } from '../core/api-handlers.ts';
import { KeyedBuckets } from '../core/keyed-buckets.ts';
import type { Login } from '../core/ports.ts';
import type { MachineDbRow } from '../db/schema/machines.ts';
import {
  type MachineAction,
  noSuchMachine,
  requireRight,
  requireShown,
  requireThere,
} from './machine-access.ts';
import { type DetailsDeps, machineDetails } from './machine-details.ts';
import { displayName } from './machine-store.ts';
import { pictureFacts } from './picture-facts.ts';

type Handlers = Pick<ApiHandlers, 'getThumbnail' | 'putThumbnail' | 'deleteThumbnail'>;

/** The small picture of a machine's screen: shown, taken from a session, erased (A6). */
export function createThumbnailHandlers(deps: DetailsDeps): Handlers {
  const { clock, settings, thumbnails } = deps;
  const budgets = new KeyedBuckets({ capacity: 1, refillPerSecond: 1000 / THUMBNAIL_GAP_MS });

  const isOn = () => settings.current().machineThumbnails;
  const shown = async (login: Login, machineId: string) =>
    requireShown(deps.companies, login.actor, await deps.store.row(machineId));
  const mayDo = async (login: Login, machineId: string, action: MachineAction): Promise<MachineDbRow> => {
    const { row, company } = await shown(login, machineId);
    requireRight(login.actor, action, company);
    requireThere(row);
    return row;
  };

  return {
    getThumbnail: async ({ params, login }) => {
      await shown(login, params.machineId);
      const picture = isOn() ? await thumbnails.read(params.machineId) : undefined;
      if (!picture) throw noSuchMachine();
      return { bytes: picture.bytes, mimeType: picture.mimeType, tag: String(picture.takenAt) };
    },
    putThumbnail: async ({ params, body, login }) => {
      const { machineId } = params;
      await mayDo(login, machineId, 'machine:connect');
      if (!isOn()) throw GuruError.conflict('This deployment keeps no pictures of screens.');
      const sessionId = await deps.sessions().controlledBy(machineId, login.actor);
      if (sessionId === undefined) throw GuruError.notAllowed('do this without controlling the machine');
      const facts = pictureFacts(body);
      const takenAt = clock.now();
      const budget = budgets.of(sessionId, takenAt);
      if (!budget.take(takenAt)) throw GuruError.tooManyRequests(budget.secondsUntilNext(takenAt));
      const { userId: takenBy } = login;
      const isKept = await thumbnails.put({
        machineId,
        bytes: Buffer.from(body),
        ...facts,
        takenAt,
        takenBy,
        sessionId,
      });
      if (!isKept) throw noSuchMachine();
      // Turned off while it was stored: whoever did so was told that none is left.
      if (!isOn()) await thumbnails.erase(machineId);
      deps.feed.changed([machineId]);
      return {};
    },
    deleteThumbnail: async ({ params, login, address }) => {
      const row = await mayDo(login, params.machineId, 'machine:edit');
      if (await thumbnails.erase(row.id)) {
        deps.feed.changed([row.id]);
        await deps.audit.append({
          actor: `user:${login.userId}`,
          action: 'machine.thumbnail-erased',
          address,
          details: { machineId: row.id, name: displayName(row) },
        });
      }
      return machineDetails(deps, login.actor, row.id);
    },
  };
}
