import { GuruError, may } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { People } from '../core/ports.ts';
import type { SessionRow } from '../db/schema/sessions.ts';
import type { PeerBroker } from './peers/peer-broker.ts';
import type { SessionAccess } from './session-access.ts';
import type { SessionChanges } from './session-changes.ts';

export interface StrangersDeps {
  readonly clock: Clock;
  readonly changes: SessionChanges;
  readonly access: Pick<SessionAccess, 'targetOf'>;
  readonly people: People;
  readonly broker: Pick<PeerBroker, 'reconcile'>;
}

/** Sends those away who take part in a session and may not watch it any more. */
export class Strangers {
  readonly #deps: StrangersDeps;

  constructor(deps: StrangersDeps) {
    this.#deps = deps;
  }

  /** Cuts their peers, also those that stood ready. Returns the row as it is then. */
  async sendAway(row: SessionRow, actor: string): Promise<SessionRow> {
    const { access, people, changes, clock, broker } = this.#deps;
    let current = row;
    const target = await access.targetOf(row);
    for (const { id, userId } of row.state.participants) {
      const person = await people.find(userId);
      if (person && may(person, 'session:view', target)) continue;
      const event = { type: 'participant-left', participantId: id, at: clock.now() } as const;
      const note = { actor, action: 'participant.removed', details: { participantId: id } };
      current = await changes.applyEvent(row.id, event, note).catch((error: unknown) => {
        // They left, or it ended, meanwhile.
        if (!(error instanceof GuruError)) throw error;
        return current;
      });
    }
    if (current === row) await broker.reconcile(row);
    return current;
  }
}
