import type { ApiReply } from '@guruconnect/shared';
import type { IdentityStore, MachineIdentity } from './machine-identity.ts';

/** Keeps what the server says of this machine, where it is new. */
export async function keepReply(
  identities: Pick<IdentityStore, 'load' | 'save'>,
  identity: MachineIdentity,
  known: MachineIdentity['enrolment'],
  reply: ApiReply<'checkIn'>,
): Promise<MachineIdentity['enrolment']> {
  const { companyName, serverPublicKey, checkInSeconds, labels } = reply;
  const { machineId } = known;
  const enrolment = { machineId, serverPublicKey, companyName, checkInSeconds, labels };
  if (JSON.stringify(enrolment) === JSON.stringify(known)) return known;
  // Enrolled anew meanwhile: that is not this process's machine.
  const isOurs = (await identities.load())?.privateKey === identity.privateKey;
  if (isOurs) await identities.save({ ...identity, enrolment });
  return enrolment;
}
