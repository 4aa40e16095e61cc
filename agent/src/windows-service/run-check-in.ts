import { type ApiReply, GuruError, type MachineCommandResult } from '@guruconnect/shared';
import type { CommandExecutor } from '../commands/command-executor.ts';
import { CommandLog } from '../commands/command-log.ts';
import { MachineCommands } from '../commands/machine-commands.ts';
import { trusted } from '../config.ts';
import { systemClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { InventorySource } from '../inventory/inventory-source.ts';
import { CheckIn } from '../presence/check-in.ts';
import { MachineClient } from '../presence/machine-client.ts';
import type { ProxyRules } from '../proxy/proxy-rules.ts';
import { readIdentityKey } from '../secure/identity-key.ts';
import { keepReply } from '../state/keep-reply.ts';
import { IdentityStore, type MachineIdentity } from '../state/machine-identity.ts';
import { PendingReconfiguration } from '../state/pending-reconfiguration.ts';
import { StateFolder } from '../state/state-folder.ts';
import { AGENT_VERSION } from '../version.ts';
import { createWaker } from '../wake/send-magic-packets.ts';

export interface CheckInJobDeps {
  readonly stateDir: string;
  readonly proxies: ProxyRules | undefined;
  readonly inventory: InventorySource;
  readonly executor: CommandExecutor;
  readonly log: Log;
}

const LONGEST_MS = 60_000;

/**
 * One check-in, with what its reply wants: for whoever calls this program on a schedule of their own. Resolves with the
 * seconds until the next one is due. Rejects with a GuruError that says why it failed.
 */
export async function runCheckIn({
  stateDir,
  proxies,
  inventory,
  executor,
  log,
}: CheckInJobDeps): Promise<number> {
  const folder = new StateFolder(stateDir);
  const identities = new IdentityStore(folder);
  const identity = await identities.load();
  if (!identity) throw GuruError.invalid('This computer is not enrolled yet.');
  const { origin, ca, enrolment } = identity;
  const wake = createWaker({ networks: async () => (await inventory.read()).networks, log });
  const commands = new MachineCommands({ commands: new CommandLog(folder), executor, log });
  const take = createTaker(identities, identity, commands);
  const checkIn = new CheckIn({
    client: new MachineClient({
      origin,
      ca: ca === null ? undefined : trusted(ca),
      proxies,
      machineId: enrolment.machineId,
      key: readIdentityKey(identity.privateKey),
      clock: systemClock,
    }),
    readInventory: () => inventory.read(),
    readStatus: (known) => inventory.readStatus(known),
    pending: new PendingReconfiguration(folder),
    commandResults: () => commands.results(),
    onReply: async (reply, told) => {
      await Promise.all(reply.wake.map(({ macs }) => wake(macs)));
      await take(reply, told);
    },
    agentVersion: AGENT_VERSION,
    log,
  });
  const late = new GuruError('unavailable', 'The check-in took too long.');
  const tooLong = new AbortController();
  const timer = setTimeout(() => tooLong.abort(late), LONGEST_MS);
  try {
    return (await checkIn.run(tooLong.signal)) / 1000;
  } finally {
    clearTimeout(timer);
  }
}

function createTaker(identities: IdentityStore, identity: MachineIdentity, commands: MachineCommands) {
  let known = identity.enrolment;
  return async (reply: ApiReply<'checkIn'>, told: readonly MachineCommandResult[]) => {
    // The key of before: one that comes with a command proves nothing of it.
    const { machineId, serverPublicKey } = known;
    known = await keepReply(identities, identity, known, reply);
    await commands.take(reply.commands, { machineId, serverPublicKey, serverTimeMs: reply.serverTime });
    await commands.told(told, reply.serverTime);
  };
}
