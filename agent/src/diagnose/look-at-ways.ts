import { type ApiReply, GuruError } from '@guruconnect/shared';
import { systemClock } from '../core/clock.ts';
import { describeError } from '../core/log.ts';
import { MachineClient } from '../presence/machine-client.ts';
import { readIdentityKey } from '../secure/identity-key.ts';
import type { MachineIdentity } from '../state/machine-identity.ts';
import type { Finding } from './diagnosis.ts';
import { type IceFinding, lookAtIce } from './look-at-ice.ts';
import { lookAtRelay, type RelayFinding } from './look-at-relay.ts';
import type { ServerToLookAt } from './look-at-server.ts';

/**
 * Asks the server what this machine's sessions would go through, tries all of it, and says what follows for sessions.
 * The request is signed, as a check-in is: the line of the service stays as it is.
 */
export async function lookAtWays(
  identity: Pick<MachineIdentity, 'origin' | 'privateKey' | 'enrolment'>,
  server: ServerToLookAt,
): Promise<Finding[]> {
  let ways: ApiReply<'nameWays'>;
  try {
    const client = new MachineClient({
      origin: identity.origin,
      ca: server.ca,
      proxies: server.proxies,
      machineId: identity.enrolment.machineId,
      key: readIdentityKey(identity.privateKey),
      clock: systemClock,
    });
    ways = await client.ask('nameWays', {}, AbortSignal.timeout(server.timeoutMs));
  } catch (error) {
    return [{ title: 'STUN and TURN', outcome: 'doubtful', text: `Not tried: ${reasonOf(error)}` }];
  }
  const [ice, relays] = await Promise.all([
    Promise.all(ways.iceServers.map((one) => lookAtIce(one, server))),
    Promise.all(ways.relayUrls.map((one) => lookAtRelay(one, server))),
  ]);
  return [...ice, ...relays, sessionsFinding(ice, relays)];
}

function reasonOf(error: unknown): string {
  if (error instanceof GuruError && error.code === 'not-found') {
    return 'this server is of an older version and does not name them.';
  }
  return `the server does not name them. (${describeError(error)})`;
}

/** Agents use UDP alone for STUN and TURN; what goes over TCP is for browsers. */
export function sessionsFinding(
  ice: readonly Pick<IceFinding, 'is' | 'over' | 'outcome'>[],
  relays: readonly Pick<RelayFinding, 'outcome' | 'port'>[],
): Finding {
  const title = 'Sessions';
  const good = ice.filter((one) => one.over === 'UDP' && one.outcome === 'good');
  const hasStun = good.length > 0;
  const hasTurn = good.some((one) => one.is === 'turn');
  const relay = relays.find((one) => one.outcome === 'good');
  const overRelay = relay && `over the relay on port ${relay.port}: slower, still encrypted end to end`;
  if (hasTurn) {
    const text = 'They go directly where networks allow it, else through the TURN server over UDP.';
    return { title, outcome: 'good', text };
  }
  if (hasStun) {
    const text = `They go directly where networks allow it, else ${overRelay ?? 'nowhere: there is neither TURN nor a relay here'}.`;
    return { title, outcome: overRelay ? 'good' : 'doubtful', text };
  }
  const hasOther = ice.some((one) => one.over !== 'UDP' && one.outcome === 'good');
  const hint = hasOther ? ' TURN over TCP or TLS helps browsers alone; agents need it over UDP.' : '';
  if (ice.length === 0) {
    const text = `The server names no STUN or TURN server. They go directly within a network, else ${overRelay ?? 'nowhere: there is no relay here either'}.`;
    return { title, outcome: overRelay ? 'good' : 'doubtful', text };
  }
  if (overRelay) {
    const text = `No UDP gets through to STUN or TURN. They go ${overRelay}.${hint}`;
    return { title, outcome: 'doubtful', text };
  }
  const text = `Neither UDP nor a relay gets through: they come about within this network alone.${hint}`;
  return { title, outcome: 'bad', text };
}
