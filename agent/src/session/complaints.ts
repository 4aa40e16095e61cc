import type { AgentControlMessage } from '@guruconnect/shared';
import type { Clock } from '../core/clock.ts';
import { RateLimit } from './rate-limit.ts';

export type AuditWhat =
  | 'refused-input'
  | 'bad-grant'
  | 'malformed-message'
  | 'handshake-failed'
  | 'key-changed';
type Refused = Extract<AgentControlMessage, { type: 'refused' }>;

const TELL_EVERY_MS = 1_000;
const AUDIT_EVERY_MS = 5_000;

/** Tells viewer and audit log of what a peer was refused, without letting it flood either. */
export class Complaints {
  readonly #refusals: RateLimit;
  readonly #audits: RateLimit;
  readonly #tell: (message: Refused) => void;
  readonly #onAudit: (what: AuditWhat, detail: string) => void;

  constructor(deps: {
    clock: Pick<Clock, 'monotonicMs'>;
    tell: (message: Refused) => void;
    onAudit: (what: AuditWhat, detail: string) => void;
  }) {
    this.#refusals = new RateLimit(deps.clock, TELL_EVERY_MS);
    this.#audits = new RateLimit(deps.clock, AUDIT_EVERY_MS);
    this.#tell = deps.tell;
    this.#onAudit = deps.onAudit;
  }

  /** Something was not carried out. */
  refuse(what: Refused['what'], reason: string): void {
    if (this.#refusals.pass(what) !== undefined) this.#tell({ type: 'refused', what, reason });
    this.audit('refused-input', `${what}: ${reason}`);
  }

  audit(what: AuditWhat, detail: string): void {
    const count = this.#audits.pass(what);
    if (count === undefined) return;
    this.#onAudit(what, count === 1 ? detail : `${detail} (${count} times)`);
  }
}
