import { GuruError, type PeerQuality, type QualityReport } from '@guruconnect/shared';
import type { Clock } from '../../core/clock.ts';
import { KeyedBuckets } from '../../core/keyed-buckets.ts';
import type { People } from '../../core/ports.ts';
import type { Caller } from '../peers/caller.ts';
import type { PeerStore } from '../store/peer-store.ts';
import type { QualityStore } from './quality-store.ts';

/** A viewer reports each half minute and at the end; several tabs of one person, and reconnects, fit in. */
const REPORTS = { capacity: 20, refillPerSecond: 1 };
/** The last report of a peer is sent while it is closed. */
const LATE_MS = 60_000;

/** Takes viewers' reports about their own peers and tells them to who may see the session. */
export class QualityDesk {
  readonly #deps: { clock: Clock; peers: PeerStore; people: People; quality: QualityStore };
  readonly #budgets = new KeyedBuckets(REPORTS);

  constructor(deps: { clock: Clock; peers: PeerStore; people: People; quality: QualityStore }) {
    this.#deps = deps;
  }

  /** Drops what comes too often or too late; throws `not-allowed` for another person's peer. */
  async take(caller: Caller, report: QualityReport): Promise<void> {
    const { clock, peers, quality } = this.#deps;
    const now = clock.now();
    if (!this.#budgets.of(caller.login.loginId, now).take(now)) return;
    const peer = await peers.find(report.peerId);
    if (!peer || (peer.closedAt !== null && now - peer.closedAt > LATE_MS)) return;
    if (peer.loginId !== caller.login.loginId) throw GuruError.notAllowed('report for that connection');
    const { sessionId, userId, createdAt: startedAt } = peer;
    await quality.put({ ...report, sessionId, userId, startedAt, reportedAt: now });
  }

  async ofSession(sessionId: string): Promise<PeerQuality[]> {
    const rows = await this.#deps.quality.ofSession(sessionId);
    const names = new Map<string, string | null>();
    for (const { userId } of rows) {
      if (!names.has(userId)) names.set(userId, (await this.#deps.people.find(userId))?.name ?? null);
    }
    return rows.map(({ sessionId: _, userId, ...row }) => ({ ...row, viewer: names.get(userId) ?? null }));
  }
}
