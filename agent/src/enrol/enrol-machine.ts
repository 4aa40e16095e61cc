import { hostname } from 'node:os';
import { enrolmentText, GuruError, type OsFamily, type Reconfiguration } from '@guruconnect/shared';
import type { ApiClient } from '../presence/api-client.ts';
import { newIdentityKey, readIdentityKey } from '../secure/identity-key.ts';
import type { IdentityStore, MachineIdentity, NewKey } from '../state/machine-identity.ts';
import type { PendingReconfiguration } from '../state/pending-reconfiguration.ts';

export interface EnrolDeps {
  readonly api: Pick<ApiClient, 'post'>;
  readonly identities: Pick<IdentityStore, 'load' | 'loadNewKey' | 'saveNewKey' | 'save'>;
  readonly pending: Pick<PendingReconfiguration, 'add'>;
  /** Empty when nothing names this computer's hardware. */
  readonly hardwareId: string;
  readonly osFamily: OsFamily;
  readonly agentVersion: string;
}

export interface EnrolOrder {
  readonly origin: string;
  readonly ca: string | undefined;
  readonly token: string;
  /** A key of its own, whatever was here before. */
  readonly newIdentity: boolean;
  readonly change: Reconfiguration | undefined;
}

/**
 * Makes this computer a machine of the deployment. The key is kept before the server is asked: when its answer is lost,
 * asking again gives the same machine and not a second one. Rejects with the server's GuruError; then everything stays
 * as it was.
 */
export async function enrolMachine(
  deps: EnrolDeps,
  order: EnrolOrder,
  signal: AbortSignal,
): Promise<MachineIdentity> {
  const { api, identities, pending, hardwareId, osFamily, agentVersion } = deps;
  const { origin, token, newIdentity } = order;
  const isOurs = (kept: NewKey | undefined) => kept !== undefined && isKeyOf(kept, { origin, hardwareId });
  const [known, begun] = [await identities.load(), await identities.loadNewKey()];
  let privateKey: string;
  if (!newIdentity && known && isOurs(known)) privateKey = known.privateKey;
  else {
    privateKey = begun && isOurs(begun) ? begun.privateKey : newIdentityKey();
    await identities.saveNewKey({ privateKey, origin, hardwareId });
  }
  const key = readIdentityKey(privateKey);
  const enrolment = await api.post(
    'enrolMachine',
    {
      token,
      publicKey: key.publicKey,
      hardwareId,
      signature: key.sign(Buffer.from(enrolmentText({ token, publicKey: key.publicKey, hardwareId }))),
      hostname: hostname().slice(0, 200),
      osFamily,
      agentVersion,
    },
    signal,
  );
  const identity = { privateKey, origin, hardwareId, ca: order.ca ?? null, enrolment };
  await identities.save(identity);
  if (order.change) await pending.add(order.change);
  return identity;
}

/** Keys are for one server, and a copied disk's belongs to the computer that it was copied from. */
function isKeyOf(kept: NewKey, here: { origin: string; hardwareId: string }): boolean {
  const isCopied = kept.hardwareId !== '' && here.hardwareId !== '' && kept.hardwareId !== here.hardwareId;
  return kept.origin === here.origin && !isCopied;
}

/** Says what to do about a refusal; other errors as they are. */
export function explainRefusal(error: unknown): unknown {
  if (!(error instanceof GuruError) || error.code !== 'not-allowed') return error;
  const message =
    'The server does not take this token: it is wrong, revoked, expired or used up. Make another installer.';
  return new GuruError('not-allowed', message, { cause: error });
}
