import { type ApiReply, GuruError } from '@guruconnect/shared';
import { eq, sql } from 'drizzle-orm';
import { toStorable } from '../core/canonical-json.ts';
import { compareVersions } from '../core/compare-versions.ts';
import type { UpdatesDeps, UpdatesFeature } from '../core/delivery-features.ts';
import { KeyedBuckets } from '../core/keyed-buckets.ts';
import type { SignedMachine } from '../core/machine-ports.ts';
import { showAnew } from '../core/show-anew.ts';
import { machines } from '../db/schema/machines.ts';
import { isFailed } from './offer-store.ts';
import { overviewOf } from './overview.ts';
import type { Rollout } from './rollout.ts';

export interface HandlerDeps extends UpdatesDeps {
  readonly rollout: Rollout;
  /** A place became free, or machines may try again. */
  readonly nudgeSoon: () => void;
  /** The machine asked, told or not. */
  readonly came: (machineId: string) => void;
}

/** When a machine asks again by itself; it is told when its turn comes, if it is connected. */
const POLL_SECONDS = 3_600;
const BUSY_POLL_SECONDS = 900;
/** So that machines that were installed together do not ask together for ever. */
const SPREAD_SECONDS = 600;
/** Of one machine. */
const REQUESTS = { capacity: 30, refillPerSecond: 1 / 30 };

export function createUpdateHandlers(deps: HandlerDeps): UpdatesFeature['handlers'] {
  const { clock, gate, releases, rollout } = deps;
  const budgets = new KeyedBuckets(REQUESTS);
  const admit = async (machine: SignedMachine, address: string) => {
    await gate.once(machine, address);
    const now = clock.now();
    const budget = budgets.of(machine.machineId, now);
    if (!budget.take(now)) throw GuruError.tooManyRequests(budget.secondsUntilNext(now));
  };
  return {
    agentUpdate: async ({ machine, address, origin }) => {
      await admit(machine, address);
      const answer = await answerOf(deps, machine, origin);
      deps.came(machine.machineId);
      return answer;
    },
    agentUpdateReport: async ({ body, machine, address, origin }) => {
      await admit(machine, address);
      const manifestSha256 = await rolledOutAs(deps, body.manifestSha256, origin);
      const report = { ...body, manifestSha256, reason: String(toStorable(body.reason)) };
      const ended = await rollout.ended(machine.machineId, report);
      if (!ended) return {};
      if (ended.state === 'updated') await storeVersion(deps, machine, report.toVersion);
      await deps.audit.append({
        actor: `machine:${machine.machineId}`,
        action: isFailed(ended) ? 'machine.update-failed' : 'machine.updated',
        address,
        details: {
          machineId: machine.machineId,
          name: machine.name,
          from: ended.fromVersion,
          to: report.toVersion,
          outcome: report.outcome,
          reason: report.reason,
        },
      });
      await showAnew(deps, [machine.machineId]);
      deps.nudgeSoon();
      return {};
    },
    getUpdates: async () => overviewOf(deps, await releases.windows()),
    retryUpdates: async ({ body, login, address }) => {
      const release = await releases.windows();
      if (!release) return { machines: 0 };
      const { machineIds, resumed } = await rollout.retry(release, [...new Set(body.machineIds)]);
      if (machineIds.length > 0 || resumed) {
        const { version, manifestSha256 } = release;
        await deps.audit.append({
          actor: `user:${login.userId}`,
          action: 'update.retried',
          address,
          details: { version, manifestSha256, machineIds, resumed },
        });
        await showAnew(deps, machineIds);
        deps.nudgeSoon();
      }
      return { machines: machineIds.length };
    },
  };
}

/**
 * The manifest that a roll-out goes by. Programs know the address of their server: where machines reach it by several,
 * each address has a manifest of the same release of its own.
 */
async function rolledOutAs(
  { releases }: HandlerDeps,
  manifestSha256: string,
  origin: string | undefined,
): Promise<string> {
  const theirs = await releases.windows(origin);
  if (theirs?.manifestSha256 !== manifestSha256) return manifestSha256;
  return (await releases.windows())?.manifestSha256 ?? manifestSha256;
}

async function answerOf(
  { releases, rollout, feed, db }: HandlerDeps,
  { machineId, info }: SignedMachine,
  origin: string | undefined,
): Promise<ApiReply<'agentUpdate'>> {
  const pollSeconds = POLL_SECONDS + spreadOf(machineId);
  const release = info.os === 'windows' ? await releases.windows() : undefined;
  if (!release) return { version: info.agentVersion, manifestSha256: '', wanted: false, pollSeconds };
  const { version } = release;
  const { manifestSha256 } = (await releases.windows(origin)) ?? release;
  const about = { version, manifestSha256 };
  if (compareVersions(info.agentVersion, version) >= 0) return { ...about, wanted: false, pollSeconds };
  const outcome = await rollout.ask(release, machineId, info.agentVersion);
  if (outcome === 'offered') await showAnew({ db, feed }, [machineId]);
  const wanted = outcome === 'offered' || outcome === 'at it';
  return { ...about, wanted, pollSeconds: outcome === 'busy' ? BUSY_POLL_SECONDS : pollSeconds };
}

/** The machine runs it now: pages and rings must not wait for its next check-in to know. */
async function storeVersion(
  { db }: HandlerDeps,
  { machineId }: SignedMachine,
  version: string,
): Promise<void> {
  await db
    .update(machines)
    .set({ agentVersion: version, version: sql`${machines.version} + 1` })
    .where(eq(machines.id, machineId));
}

function spreadOf(machineId: string): number {
  return Number.parseInt(machineId.slice(0, 6), 16) % SPREAD_SECONDS;
}
