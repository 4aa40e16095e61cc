import { type Capability, GuruError, type SessionView } from '@guruconnect/shared';
import type { Timing } from '../../lib/rtc/timing.ts';
import { sentence } from './error-sentence.ts';
import type { ViewerSignaling } from './viewer-signaling.ts';
import { peerNeedOf, type ViewerState } from './viewer-state.ts';

export interface AttendanceDeps {
  readonly signaling: Pick<ViewerSignaling, 'join' | 'watch' | 'leave'>;
  readonly timing: Timing;
  state(): ViewerState;
  /** The peer that is up and becomes live by joining. */
  peerId(): string | undefined;
  set(change: Partial<ViewerState>): void;
  onSession(session: SessionView): void;
  /** Joining was refused for good. */
  onRefused(message: string): void;
  notify(text: string): void;
}

const JOIN_RETRY_MS = 2_000;
const WATCH_AFTER_MS = 300;

/** The person's part in the session, as the server has it: joining, following what changes, joining anew. */
export class Attendance {
  readonly #deps: AttendanceDeps;
  #cancelJoin: (() => void) | undefined;
  #joining = false;
  #watched = false;
  #closed = false;

  constructor(deps: AttendanceDeps) {
    this.#deps = deps;
  }

  get isJoining(): boolean {
    return this.#joining;
  }

  /** Asks (again) to take part. */
  join(wants: Capability): void {
    if (this.#joining || this.#closed) return;
    const { signaling, timing } = this.#deps;
    this.#cancelJoin?.();
    this.#joining = true;
    this.#deps.set({ over: undefined });
    signaling.join(wants, this.#deps.peerId()).then(
      ({ participantId, session }) => {
        this.#joining = false;
        if (this.#closed) return;
        this.#deps.set({ participantId });
        this.#deps.onSession(session);
        // The list of sessions is long: it does not come between the request for a peer and its offer.
        if (peerNeedOf(this.#deps.state()) !== 'none') timing.after(WATCH_AFTER_MS, () => this.watch());
        else this.watch();
      },
      (error: unknown) => {
        this.#joining = false;
        this.#onJoinRefused(error);
        this.watch();
      },
    );
  }

  /** Gives the participation up and takes part as somebody new: consent is asked anew. */
  joinAnew(otherwise: string): void {
    this.#deps.signaling.leave().then(
      () => {
        if (this.#closed) return;
        this.#deps.set({ participantId: undefined });
        this.join(this.#deps.state().mode);
      },
      (error: unknown) => this.#deps.notify(sentence(error, otherwise)),
    );
  }

  /** The line to the server is up again: what changed meanwhile is not known. */
  lineIsBack(hasBegun: boolean): void {
    this.#watched = false;
    if (!hasBegun) return;
    const { participantId, mode } = this.#deps.state();
    if (participantId || this.#joining) this.watch();
    else this.join(mode);
  }

  /** Follows the session from now on, once for each time the line is up. */
  watch(): void {
    if (this.#watched || this.#closed) return;
    this.#watched = true;
    this.#deps.signaling.watch().then(
      (session) => {
        if (session) this.#deps.onSession(session);
      },
      // The line fell again; the next time it is up asks anew.
      () => undefined,
    );
  }

  close(): void {
    this.#closed = true;
    this.#cancelJoin?.();
  }

  #onJoinRefused(error: unknown): void {
    if (this.#closed) return;
    const code = error instanceof GuruError ? error.code : 'internal';
    // Nobody at the other end yet: `session:changed` brings us back here.
    if (code === 'illegal-transition') return;
    if (code === 'unavailable' || code === 'too-many-requests' || code === 'internal') {
      this.#cancelJoin = this.#deps.timing.after(JOIN_RETRY_MS, () => this.join(this.#deps.state().mode));
      return;
    }
    this.#deps.onRefused(sentence(error, 'This session cannot be joined.'));
  }
}
