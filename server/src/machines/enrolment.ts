import { type ApiReply, enrolmentText, GuruError } from '@guruconnect/shared';
import { eq } from 'drizzle-orm';
import type { ApiHandler } from '../core/api-handlers.ts';
import { toStorable } from '../core/canonical-json.ts';
import { statusOf } from '../core/installer-status.ts';
import { KeyedBuckets } from '../core/keyed-buckets.ts';
import { hashToken } from '../core/secrets.ts';
import { sourceOf } from '../core/source-of.ts';
import type { TokenBucket } from '../core/token-bucket.ts';
import { type InstallerRow, installers, type MachineDbRow } from '../db/schema/machines.ts';
import { agentSettings } from './agent-settings.ts';
import {
  type Enrolment,
  type EnrolmentDeps,
  type EnrolmentOutcome,
  storeEnrolled,
} from './enrolled-machine.ts';
import { labelsOf } from './machine-labels.ts';
import { isSignedBy } from './machine-signature.ts';

/**
 * Refused tries of one source. Tokens have 256 bits, so this is about noise alone: an old installer that a whole office
 * runs again and again must not keep the new one out.
 */
const BAD_TRIES = { capacity: 20, refillPerSecond: 1 / 10 };
/** All tries of one source: a whole office behind one address enrols at once. */
const TRIES = { capacity: 500, refillPerSecond: 5 };

/** Makes computers machines of the deployment. */
export function createEnrolment(deps: EnrolmentDeps): ApiHandler<'enrolMachine'> {
  const bad = new KeyedBuckets(BAD_TRIES);
  const tries = new KeyedBuckets(TRIES);
  return async ({ body, address }) => {
    const now = deps.clock.now();
    const source = sourceOf(address);
    takeFrom(tries.of(source, now), now);
    const machine = await enrol(deps, toStorable(body) as Enrolment, address).catch((error: unknown) => {
      if (error instanceof GuruError && error.code === 'not-allowed') takeFrom(bad.of(source, now), now);
      throw error;
    });
    return answer(deps, machine);
  };
}

function takeFrom(bucket: TokenBucket, now: number): void {
  if (!bucket.take(now)) throw GuruError.tooManyRequests(bucket.secondsUntilNext(now));
}

async function enrol(deps: EnrolmentDeps, body: Enrolment, address: string): Promise<MachineDbRow> {
  const { store, refusals, audit, companies, feed, clock } = deps;
  const refuse = (reason: string, installer?: InstallerRow) => {
    const { hostname, hardwareId, osFamily } = body;
    const about = installer && { installerId: installer.id, installer: installer.name };
    refusals.note({
      action: 'enrolment.refused',
      address,
      details: { reason, hostname, hardwareId, osFamily, ...about },
    });
  };
  if (!isSignedBy(body.publicKey, enrolmentText(body), body.signature)) {
    refuse('The signature is not good.');
    throw new GuruError('not-allowed', 'This enrolment is not signed with its own key.');
  }
  const [installer] = await deps.db
    .select()
    .from(installers)
    .where(eq(installers.tokenHash, hashToken(body.token)));
  const known = await store.byKey(body.publicKey);
  // A reply was lost, or the installer ran twice: the machine is there, whatever became of the installer.
  if (installer && known && known.removedAt === null) return known;
  const status = installer ? statusOf(installer, clock.now()) : 'unknown';
  const company = installer && companies.find(installer.companyId);
  if (!installer || !company || status !== 'active') {
    refuse(`The token is ${status}.`, installer);
    throw badToken();
  }
  const siteId = await companies.ensureSite(installer.companyId, installer.site);
  const stored = await storeEnrolled(deps, { body, known, installer, siteId: siteId ?? null, address });
  if (!stored) {
    refuse('The token is used-up.', installer);
    throw badToken();
  }
  const { machine, outcome } = stored;
  if (outcome !== 'was enrolled') {
    feed.changed([machine.id], 'appeared');
    await audit.append({
      actor: `machine:${machine.id}`,
      action: 'machine.enrolled',
      address,
      details: enrolledDetails(machine, installer, company.name, outcome),
    });
  }
  return machine;
}

function enrolledDetails(
  machine: MachineDbRow,
  installer: InstallerRow,
  company: string,
  outcome: EnrolmentOutcome,
): Record<string, unknown> {
  return {
    machineId: machine.id,
    hostname: machine.hostname,
    osFamily: machine.osFamily,
    hardwareId: machine.hardwareId,
    companyId: machine.companyId,
    company,
    siteId: machine.siteId,
    installerId: installer.id,
    installer: installer.name,
    ...(outcome === 'came back' ? { cameBack: true } : {}),
  };
}

/** The same for every token that is not good, so that nobody learns which ones were. */
function badToken(): GuruError {
  return new GuruError('not-allowed', 'This enrolment token is not valid. Ask for a new installer.');
}

async function answer(deps: EnrolmentDeps, machine: MachineDbRow): Promise<ApiReply<'enrolMachine'>> {
  return {
    machineId: machine.id,
    ...(await agentSettings(deps)),
    labels: labelsOf(deps.companies, machine),
  };
}
