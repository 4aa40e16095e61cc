import type { UpdateReport } from '@guruconnect/shared';
import { compareVersions } from '../core/compare-versions.ts';
import type { Releases, UpdatesDeps } from '../core/delivery-features.ts';
import type { DeliveredMachine } from '../core/machine-features.ts';
import type { MachineUpdateRow, RolloutRow } from '../db/schema/delivery.ts';
import { Fleet, type Target } from './fleet.ts';
import { type FailedUpdate, isAtIt, isFailed, OfferStore } from './offer-store.ts';
import { ringPlan } from './ring-plan.ts';
import { RolloutStore } from './rollout-store.ts';

export type Release = NonNullable<Awaited<ReturnType<Releases['windows']>>>;
export type RolloutDeps = Pick<UpdatesDeps, 'db' | 'clock' | 'audit' | 'settings'>;

/** A roll-out stops by itself once so many machines of a ring failed, and more than this part of those that tried. */
const STOP_FAILURES = 3;
const STOP_SHARE = 0.1;
const HOUR_MS = 60 * 60_000;

/** Why a machine does not get the version now. */
export type Wait = 'paused' | 'stopped' | 'ring' | 'failed' | 'busy';

/** A release on its way to the machines: ring by ring, so many at once. All of its state is in tables. */
export class Rollout {
  readonly #deps: RolloutDeps;
  readonly #rollouts: RolloutStore;
  readonly fleet: Fleet;
  readonly offers: OfferStore;

  constructor(deps: RolloutDeps) {
    this.#deps = deps;
    this.#rollouts = new RolloutStore(deps.db);
    this.fleet = new Fleet(deps.db);
    this.offers = new OfferStore(deps.db);
  }

  targetOf({ version, manifestSha256 }: Release): Target {
    return { version, manifestSha256, plan: ringPlan(this.#deps.settings.current().updateRings) };
  }

  /** Its row, begun when nobody did. */
  async of({ version, manifestSha256 }: Release): Promise<RolloutRow> {
    const known = await this.#rollouts.find(manifestSha256);
    if (known) return known;
    const { clock, audit } = this.#deps;
    if (await this.#rollouts.begin(manifestSha256, version, clock.now())) {
      await audit.append({
        actor: 'server',
        action: 'update.started',
        details: { version, manifestSha256 },
      });
    }
    const begun = await this.#rollouts.find(manifestSha256);
    if (!begun) throw new Error('The roll-out was not stored.');
    return begun;
  }

  /** Opens the rings whose time has come. */
  async advance(release: Release): Promise<RolloutRow> {
    const { clock, audit, settings } = this.#deps;
    const { updatesPaused, updateRings, updateRingHours } = settings.current();
    let row = await this.of(release);
    const isDue = () =>
      !updatesPaused &&
      row.stoppedAt === null &&
      row.ring < updateRings.length - 1 &&
      clock.now() >= row.ringOpenedAt + updateRingHours * HOUR_MS;
    while (isDue()) {
      const { version, manifestSha256 } = row;
      const isMine = await this.#rollouts.openNext(row, clock.now());
      row = await this.of(release);
      if (!isMine) continue;
      await audit.append({
        actor: 'server',
        action: 'update.ring-opened',
        details: { version, manifestSha256, ring: this.#ringName(row.ring) },
      });
    }
    return row;
  }

  /** Offers the release to a machine that is older, or says that it is at it already; otherwise why not. */
  async ask(release: Release, machineId: string, fromVersion: string): Promise<'offered' | 'at it' | Wait> {
    const { clock, settings } = this.#deps;
    const { updatesPaused, updatesAtOnce } = settings.current();
    if (updatesPaused) return 'paused';
    const row = await this.advance(release);
    if (row.stoppedAt !== null) return 'stopped';
    const ring = await this.fleet.ringOf(machineId, this.targetOf(release));
    if (ring === undefined || ring > row.ring) return 'ring';
    const { manifestSha256 } = release;
    const known = await this.offers.find(machineId, manifestSha256);
    if (known && isFailed(known)) return 'failed';
    const now = clock.now();
    if (known && isAtIt(known, now)) return 'at it';
    // Most find no place: they are told so without waiting for one another.
    if ((await this.offers.inFlight(now)) >= updatesAtOnce) return 'busy';
    const offer = { machineId, manifestSha256, fromVersion, ring };
    return (await this.offers.take(offer, updatesAtOnce, now)) ? 'offered' : 'busy';
  }

  /** What the machine says of a release that it was offered; undefined when there is nothing new in it. */
  async ended(machineId: string, report: UpdateReport): Promise<MachineUpdateRow | undefined> {
    const row = await this.#rollouts.find(report.manifestSha256);
    if (row?.version !== report.toVersion) return undefined;
    const ended = await this.offers.end(machineId, report, this.#deps.clock.now());
    if (ended && isFailed(ended)) await this.#stopIfBad(row);
    return ended;
  }

  /** Lets machines try again that failed, and goes on where it stopped; returns those machines. */
  async retry(
    release: Release,
    machineIds: readonly string[],
  ): Promise<{ machineIds: string[]; resumed: boolean }> {
    const { manifestSha256 } = release;
    return {
      machineIds: await this.offers.forgetFailures(machineIds, manifestSha256),
      resumed: await this.#rollouts.resume(manifestSha256, this.#deps.clock.now()),
    };
  }

  failures({ manifestSha256 }: Release): Promise<FailedUpdate[]> {
    return this.offers.failures(manifestSha256);
  }

  /** How far one machine is, and in a sentence why it is not further. */
  async stateOf(
    release: Release,
    { id, agentVersion }: DeliveredMachine,
  ): Promise<{ state: 'current' | 'outdated' | 'updating' | 'failed'; reason: string }> {
    if (compareVersions(agentVersion, release.version) >= 0) return { state: 'current', reason: '' };
    const known = await this.offers.find(id, release.manifestSha256);
    if (known && isFailed(known)) return { state: 'failed', reason: known.reason };
    if (known && isAtIt(known, this.#deps.clock.now())) return { state: 'updating', reason: '' };
    const outdated = (reason: string) => ({ state: 'outdated' as const, reason });
    if (this.#deps.settings.current().updatesPaused) return outdated('Updates are paused.');
    const row = await this.#rollouts.find(release.manifestSha256);
    if (row && row.stoppedAt !== null) return outdated(row.stoppedReason);
    const ring = await this.fleet.ringOf(id, this.targetOf(release));
    if (ring === undefined) return outdated('It is in no ring of the settings.');
    if (row && ring > row.ring) return outdated(`Its ring, ${this.#ringName(ring)}, has not begun.`);
    return outdated('It gets the new version when its turn comes.');
  }

  async #stopIfBad(row: RolloutRow): Promise<void> {
    const { clock, audit } = this.#deps;
    const { version, manifestSha256, countedFrom } = row;
    const rings = await this.offers.ended(manifestSha256, countedFrom);
    const bad = rings.find(({ all, failed }) => failed >= STOP_FAILURES && failed > all * STOP_SHARE);
    if (!bad) return;
    const { failed, all } = bad;
    const reason = `${failed} of ${all} machines that tried it in the ring ${this.#ringName(bad.ring)} failed.`;
    if (!(await this.#rollouts.stop(manifestSha256, reason, clock.now()))) return;
    await audit.append({
      actor: 'server',
      action: 'update.stopped',
      details: { version, manifestSha256, ring: this.#ringName(bad.ring), failed, tried: all },
    });
  }

  #ringName(ring: number): string {
    return this.#deps.settings.current().updateRings[ring]?.name ?? String(ring + 1);
  }
}
