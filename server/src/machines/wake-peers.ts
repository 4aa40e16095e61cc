import { isIPv4 } from 'node:net';
import type { Inventory } from '@guruconnect/shared';
import { and, eq, isNull, ne, or, sql } from 'drizzle-orm';
import type { MachineLines } from '../core/machine-ports.ts';
import type { Database } from '../db/database.ts';
import { type MachineDbRow, machines } from '../db/schema/machines.ts';

/** Machines looked at, and told of: more than one packet is sent, since a peer may go at any moment. */
const MAX_LOOKED_AT = 500;
const MAX_PEERS = 30;

type Sleeper = Pick<MachineDbRow, 'id' | 'companyId' | 'externalIp' | 'internalIps' | 'inventory' | 'macs'>;

/** Finds who could send a magic packet to a machine that is off (U8). */
export interface WakePeers {
  /** Machines that are online on its network, those of its company first. */
  of(machine: Sleeper): Promise<string[]>;
}

/**
 * Machines are on one network when they have a subnet in common and reach the server alike: from the same address, or,
 * where no router stands in between, from an address of their own. The same private subnet behind two routers is two.
 */
export function createWakePeers(deps: { db: Database; lines: () => MachineLines }): WakePeers {
  return {
    of: async (machine) => {
      const networks = subnetsOf(machine.inventory);
      if (networks.size === 0 || machine.macs.length === 0 || machine.externalIp === '') return [];
      const isDirect = machine.internalIps.includes(machine.externalIp);
      const sameWay = isDirect
        ? or(
            eq(machines.externalIp, machine.externalIp),
            and(
              eq(machines.companyId, machine.companyId),
              sql`${machines.externalIp} = ANY(${machines.internalIps})`,
            ),
          )
        : eq(machines.externalIp, machine.externalIp);
      const rows = await deps.db
        .select({
          id: machines.id,
          companyId: machines.companyId,
          networks: sql<Inventory['networks'] | null>`${machines.inventory} -> 'networks'`,
        })
        .from(machines)
        .where(
          and(sameWay, eq(machines.online, true), isNull(machines.removedAt), ne(machines.id, machine.id)),
        )
        .orderBy(sql`${machines.companyId} <> ${machine.companyId}`, machines.id)
        .limit(MAX_LOOKED_AT);
      return rows
        .filter((row) => row.networks && subnetsIn(row.networks).some((subnet) => networks.has(subnet)))
        .filter((row) => deps.lines().isOnline(row.id))
        .slice(0, MAX_PEERS)
        .map((row) => row.id);
    },
  };
}

function subnetsOf(inventory: Inventory | null): Set<string> {
  return new Set(subnetsIn(inventory?.networks ?? []));
}

/** The IPv4 subnets that cards are in, such as `192.168.1.0/24`: magic packets are broadcast, which IPv6 has not. */
function subnetsIn(networks: Inventory['networks']): string[] {
  return networks.flatMap((card) =>
    card.addresses.flatMap(({ address, prefixLength }) => {
      // A host route has no neighbours; loopback and link-local are on every machine.
      if (!isIPv4(address) || prefixLength < 8 || prefixLength > 30) return [];
      if (/^(127|169\.254)\./.test(address)) return [];
      const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
      const size = 2 ** (32 - prefixLength);
      return [`${Math.floor(bits / size) * size}/${prefixLength}`];
    }),
  );
}
