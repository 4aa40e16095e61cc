import type { ApiReply } from '@guruconnect/shared';
import type { UpdatesDeps } from '../core/delivery-features.ts';
import type { FailedUpdate } from './offer-store.ts';
import type { Release, Rollout } from './rollout.ts';

const HOUR_MS = 60 * 60_000;

/** How far the newest release has come. */
export async function overviewOf(
  { clock, settings, rollout }: Pick<UpdatesDeps, 'clock' | 'settings'> & { rollout: Rollout },
  release: Release | undefined,
): Promise<ApiReply<'getUpdates'>> {
  if (!release) {
    const { versions } = await rollout.fleet.counts(undefined);
    return { version: null, versions, rings: [], reports: [], stopped: null, inFlight: 0 };
  }
  const row = await rollout.advance(release);
  const [{ versions, rings }, failures, inFlight] = await Promise.all([
    rollout.fleet.counts(rollout.targetOf(release)),
    rollout.failures(release),
    rollout.offers.inFlight(clock.now()),
  ]);
  const { updateRings, updateRingHours } = settings.current();
  const nextAt = row.ringOpenedAt + updateRingHours * HOUR_MS;
  return {
    version: release.version,
    versions,
    rings: updateRings.map(({ name }, ring) => ({
      name,
      machines: rings[ring]?.machines ?? 0,
      updated: rings[ring]?.updated ?? 0,
      open: ring <= row.ring,
      opensAt: ring === row.ring + 1 && row.stoppedAt === null ? nextAt : null,
    })),
    reports: failures.flatMap((failure) => reportOf(failure)),
    stopped: row.stoppedAt === null ? null : { at: row.stoppedAt, reason: row.stoppedReason },
    inFlight,
  };
}

function reportOf({ row, version, name }: FailedUpdate): ApiReply<'getUpdates'>['reports'] {
  const { machineId, manifestSha256, fromVersion, state, reason, offeredAt, endedAt } = row;
  if (state === 'offered') return [];
  const at = endedAt ?? offeredAt;
  return [{ machineId, name, fromVersion, at, toVersion: version, manifestSha256, outcome: state, reason }];
}
