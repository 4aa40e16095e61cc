import { GuruError } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import type { EndedLogin, Logins } from '../core/ports.ts';
import type { Background } from './live/background.ts';
import type { Fanout } from './live/fanout.ts';
import type { ConsoleMessenger } from './live/messengers.ts';
import { participantIn } from './participant-in.ts';
import type { PeerBroker } from './peers/peer-broker.ts';
import type { SessionChanges } from './session-changes.ts';
import type { SessionStore } from './store/session-store.ts';
import type { Strangers } from './strangers.ts';

/** Ended logins are remembered so that what they had started does not go through; the oldest are forgotten. */
const MAX_REMEMBERED = 10_000;
const MAX_ACTIVE = 1_000;

export interface LoginWatchDeps {
  readonly clock: Clock;
  readonly logins: Logins;
  readonly consoles: ConsoleMessenger;
  readonly broker: PeerBroker;
  readonly sessions: SessionStore;
  readonly changes: SessionChanges;
  readonly strangers: Strangers;
  readonly fanout: Fanout;
  readonly background: Background;
}

/** When a login ends, its peers are cut and its pages sent to the sign-in page. */
export class LoginWatch {
  readonly #deps: LoginWatchDeps;
  readonly #unsubscribe: () => void;
  readonly #ended = new Set<string>();

  constructor(deps: LoginWatchDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.logins.onEnded((ended) => this.#onEnded(ended));
  }

  get ended(): ReadonlySet<string> {
    return this.#ended;
  }

  close(): void {
    this.#unsubscribe();
  }

  #onEnded({ loginId, userId, reason }: EndedLogin): void {
    const { broker, consoles, background } = this.#deps;
    this.#remember(loginId);
    background.run('cutting the peers of an ended login', async () => {
      await broker.cutLogin(loginId, reason);
      consoles.tellLogin(loginId, 'login:ended', { reason });
      consoles.disconnectLogin(loginId);
      if (reason === 'disabled') await this.#leaveSessions(userId);
      if (reason === 'role-changed') await this.#followTheirRights(userId);
    });
  }

  /** Somebody who was disabled takes part in nothing, also after having been enabled again. */
  async #leaveSessions(userId: string): Promise<void> {
    for (const row of await this.#deps.sessions.listActive(MAX_ACTIVE)) {
      const participantId = participantIn(row, userId);
      if (!participantId) continue;
      const event = { type: 'participant-left', participantId, at: this.#deps.clock.now() } as const;
      const note = { actor: 'server', action: 'participant.removed', details: { participantId } };
      await this.#deps.changes.applyEvent(row.id, event, note).catch((error: unknown) => {
        // The session ended, or they left it, meanwhile; with two logins both come here.
        if (!(error instanceof GuruError)) throw error;
      });
    }
  }

  /** With another role or team they may watch less, and others may watch less of what is theirs. */
  async #followTheirRights(userId: string): Promise<void> {
    const { sessions, strangers, fanout } = this.#deps;
    for (const row of await sessions.listActive(MAX_ACTIVE)) {
      if (row.ownerId !== userId && !participantIn(row, userId)) continue;
      await strangers.sendAway(row, 'server');
      fanout.sessionChanged(row.id);
    }
  }

  #remember(loginId: string): void {
    this.#ended.add(loginId);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= MAX_REMEMBERED) break;
      this.#ended.delete(oldest);
    }
  }
}
